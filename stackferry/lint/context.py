"""The build context of a Dockerfile, as far as the linter uses it: what its .dockerignore excludes.

As for BuildKit, `Dockerfile.dockerignore` beside the Dockerfile precedes the `.dockerignore` of the context. By
default the context is the folder of the Dockerfile.
"""

import os

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.parse import Dockerfile
from stackferry.grammar.dockerfile.source import decoded
from stackferry.grammar.lint.run import Facts
from stackferry.lint.targets import Target
from stackferry.session import Session


def facts_of(target: Target, session: Session) -> Facts:
    """The function that collects the facts of a Dockerfile in its context."""
    text = _ignored_by(target, session)
    if text is None:
        return build

    def facts(dockerfile: Dockerfile) -> Build:
        from stackferry.grammar.dockerfile.facts.ignore import Ignore

        return build(dockerfile, Ignore(text))

    return facts


def _ignored_by(target: Target, session: Session) -> str | None:
    """The text of the effective .dockerignore; None if there is none, or it cannot be read."""
    path, folder, candidates = target.source.path, target.context, []
    if not target.placed and path != "-":
        candidates.append(f"{path}.dockerignore")
        folder = folder if folder is not None else os.path.dirname(path)
    if folder is not None:
        candidates.append(os.path.join(folder, ".dockerignore"))
    for candidate in candidates:
        try:
            return decoded(session.files.read(candidate))
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
