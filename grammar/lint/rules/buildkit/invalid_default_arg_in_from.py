"""InvalidDefaultArgInFrom: Give FROM an image that is valid with the default arguments.

Who builds without `--build-arg` gets an error that speaks of an image nobody named.

    ARG VERSION
    FROM debian:${VERSION}

    ARG VERSION=12
    FROM debian:${VERSION}

As BuildKit does, it also speaks of a name without variables that no image can have; that is an error.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.expand import ExpansionError, process_word
from stackferry.grammar.dockerfile.facts.references import mistake
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_PLATFORM = {
    **{f"{kind}PLATFORM": "linux/amd64" for kind in ("BUILD", "TARGET")},
    **{f"{kind}OS": "linux" for kind in ("BUILD", "TARGET")},
    **{f"{kind}ARCH": "amd64" for kind in ("BUILD", "TARGET")},
    **{f"{kind}{part}": "" for kind in ("BUILD", "TARGET") for part in ("OSVERSION", "VARIANT")},
}
"""The platform is not known, but names that are made of it are valid or not, whatever it is."""


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Bases that are not images by default (BuildKit's validateBaseImagesWithDefaultArgs)."""
    escape = file.dockerfile.escape
    names = dict(_PLATFORM)
    names["TARGETSTAGE"] = (file.stages[-1].name if file.stages else "") or "default"
    try:
        for instruction in file.arguments:
            for pair in instruction.pairs:
                if pair.value is not None:
                    names[pair.name.text] = process_word(pair.value.text, names, escape)
        for stage in file.stages:
            if not stage.instruction.words:
                continue
            reference = process_word(stage.base.text, names, escape)
            wrong = mistake(reference)
            if not wrong:
                continue
            base = stage.base
            if "$" in base.text:
                message = (
                    f"with the default arguments {base.text} is {reference or 'empty'}, which is not a"
                    f" valid image: {wrong}"
                )
                yield Hit(base.start, base.end, message, "give the argument a default value that names an image")
            else:
                yield Hit(base.start, base.end, f"{base.text} is not a valid image: {wrong}", "write name:tag", "error")
    except ExpansionError:
        # A build fails there, and says so itself.
        return
