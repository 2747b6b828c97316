"""Rewrites the host names in one text. Text that only looks like a name is not touched."""

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.discovery.mentions import mentions
from stackferry.translator.renaming.renames import Renames

_FOUND_BY_DNS = regex(r"\bnames:[\s\[\]\"',\w.-]*\Z")
"""Where Prometheus lists the names that it resolves by DNS."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new text; `changes` are hosts (with ports) before and after, `left` names that stand where no host would."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()


def rewrite(text: str, key: str, renames: Renames) -> Rewritten:
    """`text` with the new names; `key` is the variable that has it as value, if any."""
    if not renames.hosts and "." not in text and not (renames.project and renames.project in text):
        # Names that are not renamed change only if a network, a domain or the project is added to them.
        return Rewritten(text)
    parts: list[str] = []
    changes: dict[tuple[str, str], None] = {}
    left: dict[str, None] = {}
    done = 0
    for mention in mentions(text, key, renames.__contains__):
        new = renames.new(mention.name) or mention.name
        if mention.strength != "address" and not renames.is_sure(mention.name):
            if renames.of_tasks(mention.name) is None:
                continue
            if not _FOUND_BY_DNS.search(text, 0, mention.start):
                left[mention.name] = None
                continue
        elif not mention.is_host:
            if new.lower() != mention.name.lower():
                left[mention.name] = None
            continue
        parts += (text[done : mention.start], new)
        done = mention.end
        port = f":{mention.port}" if text[done : done + 1] == ":" and mention.port is not None else ""
        changes[f"{mention.name}{port}", f"{new}{port}"] = None
    return Rewritten("".join((*parts, text[done:])), tuple(changes), tuple(left))
