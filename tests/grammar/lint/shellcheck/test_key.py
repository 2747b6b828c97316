"""Keys differ where answers may differ."""

from hashlib import blake2b

from stackferry.grammar.lint.shellcheck import key as module
from stackferry.grammar.lint.shellcheck.key import key


def test_a_key_is_a_hash_of_all_that_decides(monkeypatch) -> None:
    first = key("0.11.0", "make")

    content = b"\0".join([b"0.11.0", *map(str.encode, module.OPTIONS), b"make"])
    assert first == blake2b(content, digest_size=32).hexdigest()
    others = [key("0.10.0", "make"), key("0.11.0", "make\n"), key("0.11.0", "\udcff"), key("", "0.11.0make")]
    monkeypatch.setattr(module, "OPTIONS", ("--norc",))
    others.append(key("0.11.0", "make"))
    assert len({first, *others}) == 6
