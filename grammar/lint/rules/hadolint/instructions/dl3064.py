"""DL3064: Do not keep secrets in ARG or ENV.

Whoever has the image can read them: they are in its history and its environment.

    FROM node:22-slim
    ARG NPM_TOKEN
    RUN npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN && npm ci

    FROM node:22-slim
    RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci

As for BuildKit, a whole word of a name counts: `API_KEY` and `DB_PASSWORD`, not `MONKEY`; that of something public, of
a file, path, alias, id, name or version does not (hadolint #1245, buildkit #5775). Nor does what is only about a
secret, such as `AUTH_URL`, `TOKEN_TTL` and `AUTH_ENABLED`. hadolint looks for parts of words,
such as in `apiToken`, and not for `key` alone; with the set hadolint so do we.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.instruction import Instruction
    from stackferry.grammar.lint.settings import Settings

_SECRET = regex(
    r"(?:\A|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|\Z)|\AAWS_ACCESS_KEY_ID\Z",
    re.IGNORECASE,
)
_HARMLESS = regex(r"(?:\A|_)(?:public|file|version|name|alias|id|path)(?:_|\Z)", re.IGNORECASE)
_ABOUT = regex(
    r"_(?:url|uri|endpoint|host|port|dir|enabled|disabled|type|method|mode|header|ttl|timeout|expir\w*|length|size|algorithm)\Z",
    re.IGNORECASE,
)
"""What the last word of a name says is only told about a secret, or is where one is asked for."""
# The part has to end a word: PASSWORDLESS and TOKENIZER are not secrets, accessToken and PGPASSWORD are.
_PARTS = regex(
    r"(?:(?i:api_key|client_key|private_?key|password|secret|token)(?i:s?)|SecretAccessKey)"
    r"(?:\Z|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))"
    r"|(?i:secret_?key|\AAPPLICATION_KEY\Z|\AAWS_ACCESS_KEY_ID\Z)"
)


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Names that are those of secrets (BuildKit's validateNoSecretKey)."""
    if settings.hadolint:
        for instruction in file.arguments:
            yield from _hits(instruction, _is_hadolints)
    for step in file.steps("ARG", "ENV"):
        yield from _hits(step.instruction, _is_hadolints if settings.hadolint else _is_secret)


def _is_hadolints(name: str) -> bool:
    return _PARTS.search(name) is not None


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None and not _ABOUT.search(name)


def _hits(instruction: "Instruction", is_secret: Callable[[str], bool]) -> Iterator[Hit]:
    for pair in instruction.pairs:
        name = pair.name.text.strip("\"'")
        if is_secret(name) and (not _HARMLESS.search(name) or name.upper() == "AWS_ACCESS_KEY_ID"):
            message = f"{name} looks like a secret, and {instruction.keyword} stores it in the image"
            yield Hit(pair.name.start, pair.name.end, message, "mount it instead: RUN --mount=type=secret,id=…")
