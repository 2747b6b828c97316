"""DL3054: Give a label of type spdx an SPDX license.

It looks at labels that `label-schema` gives that type: programs that read them only know ids of the SPDX list.

    # label-schema: license = "spdx"
    FROM debian:12
    LABEL license="Apache License 2.0"

    FROM debian:12
    LABEL license=Apache-2.0

Expressions (`MIT OR Apache-2.0`) and your own licenses (`LicenseRef-ours`) are fine, as the OCI image specification has
them; hadolint takes an id alone. A deprecated id (`GPL-2.0`) is reported, as by hadolint. A value that holds a variable
that the file does not tell is not reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import values
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values that are not license expressions."""
    suggestions = Suggestions()
    for key, value, word in values(file, settings, "spdx"):
        from stackferry.grammar.lint.rules.hadolint.labels.licenses import mistake

        wrong = mistake(value, suggestions)
        if wrong is not None:
            yield Hit(word.start, word.end, f"the label {key} is not an SPDX license: {wrong[0]}", wrong[1])
