"""Cleans text for formats that programs read: a file may contain invalid UTF-8 and control characters."""

from stackferry.grammar.regex import regex

_NO_TEXT = regex("[\ud800-\udfff]+")
_CONTROLS = {code: "\ufffd" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"}


def text(value: str) -> str:
    """Text that can be encoded: bytes that were not UTF-8 become U+FFFD."""
    return value if value.isascii() else _NO_TEXT.sub("\ufffd", value)


def xml(value: str) -> str:
    """Text escaped for an XML attribute or element, also quotes; characters that XML forbids become U+FFFD."""
    value = text(value).translate(_CONTROLS)
    for char, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        value = value.replace(char, f"&{name};")
    # Unescaped, these would be read as blanks in an attribute.
    return value.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
