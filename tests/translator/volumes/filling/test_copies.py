"""The notes about a copy."""

from stackferry.translator.volumes.filling.copies import Copy, Rule


def test_a_copy_says_what_happens_to_it_later() -> None:
    said = {rule: str(Copy("host-x", "/x", "./x", "", rule, None, lambda _: False)) for rule in Rule}

    assert said[Rule.MIRROR] == "./x is copied into the claim host-x: each up copies what has changed on this machine"
    assert "except files that the service has changed" in said[Rule.MERGE]
    assert "a database" in said[Rule.ONCE]


def test_a_copy_says_what_stays_here() -> None:
    copy = Copy("host-x", "/x/f", "./f", "f", Rule.MIRROR, None, lambda _: False, (".git", "what .dockerignore names"))

    assert not copy.is_folder
    assert "the claim host-x without .git and what .dockerignore names: " in str(copy)
