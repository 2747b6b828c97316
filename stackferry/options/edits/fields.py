"""Parses CSV fields into a mapping, for flags without a long syntax in files: networks, secrets, configs."""


def pairs(text: str) -> dict[str, str]:
    """The fields of `source=a,target=b`; a bare word has the value true. Raises ShorthandError."""
    # Imported here: completion and --help need the table of flags but parse no value.
    from stackferry.grammar.compose.syntax.csv_fields import fields

    return {name.strip(): "true" if value is None else value for name, value in fields(text)}
