"""Fields of CSV as a mapping, for flags that have no long syntax in a file: networks, secrets, configs."""


def pairs(text: str) -> dict[str, str]:
    """`source=a,target=b`; a word alone is true. Raises ShorthandError."""
    # Imported here: completion and --help read the table of flags, and no value.
    from stackferry.grammar.compose.syntax.csv_fields import fields

    return {name.strip(): "true" if value is None else value for name, value in fields(text)}
