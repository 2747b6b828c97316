"""The words of a command line: `--name VALUE` pairs among others, in any order."""


def value(words: list[str], option: str, default: str = "") -> str:
    """What follows `option`, or `default`."""
    return words[words.index(option) + 1] if option in words else default


def pairs(words: list[str]) -> list[tuple[str, str]]:
    """`--a 1 --b 2` as [("a", "1"), ("b", "2")]."""
    return [(name.lstrip("-"), held) for name, held in zip(words[::2], words[1::2], strict=True)]
