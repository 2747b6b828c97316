"""`--mount` as a build parses it, and what it refuses."""

import pytest

from stackferry.grammar.dockerfile.facts.mounts import Mount
from tests.grammar.dockerfile.facts.test_build import facts


def mounted(flag: str) -> Mount:
    (stage,) = facts(f"FROM x\nARG KNOWN=1\nARG UNKNOWN\nRUN --mount={flag} true\n").stages
    return stage.steps[-1].mounts[0]


@pytest.mark.parametrize(
    ("flag", "kind", "values"),
    [
        ("type=cache,target=/x", "cache", {"type": "cache", "target": "/x"}),
        ("target=/x,src=y,ro", "bind", {"target": "/x", "source": "y", "readonly": "true"}),
        ("from=a,dst=$KNOWN/b", "bind", {"from": "a", "target": "1/b"}),
        ("type=cache,destination=$UNKNOWN/b", "cache", {"type": "cache", "target": None}),
        ("TYPE=CACHE,Target=/x", "cache", {"type": "CACHE", "target": "/x"}),
        ('type=bind,\\"source=a,b\\",target=/x', "bind", {"type": "bind", "source": "a,b", "target": "/x"}),
        ("type=secret,id=a,required,mode=0400,uid=1", "secret", None),
        ("type=$UNKNOWN,sharing=locked", "", None),
    ],
)
def test_values(flag: str, kind: str, values: dict[str, str | None] | None) -> None:
    found = mounted(flag)

    assert (found.type, found.errors) == (kind, ())
    assert values is None or dict(found.values) == values


@pytest.mark.parametrize(
    ("flag", "says"),
    [
        ("type=nope,target=/x", "unsupported mount type 'nope'"),
        ("type=cache,target", "invalid field 'target' must be a key=value pair"),
        ("typ=cache", "unexpected key 'typ' in 'typ=cache'"),
        ("from=$KNOWN,target=/x", "'from' doesn't support variable expansion, define alias stage instead"),
        ("target=/x,mode=0400", "mode not allowed for 'bind' type mounts"),
        ("type=cache,target=/x,mode=9", "invalid value for mode: 9"),
        ("type=cache,target=/x,uid=-1", "invalid value for uid: -1"),
        ("type=cache,target=/x,sharing=all", "invalid value for sharing: all"),
        ("target=/x,ro=maybe", "invalid value for readonly: maybe"),
        ("type=bind,target=/x,required", "required not allowed for 'bind' type mounts"),
        ("type=secret", "invalid secret mount. one of source, target required"),
        ("type=secret,id=a,source=b", "both source and id can't be set"),
        ("type=secret,id=a,from=b", "secret mount should not have a from"),
        ('type=cache,\\"target=/x', "failed to parse csv mounts"),
    ],
)
def test_what_a_build_refuses(flag: str, says: str) -> None:
    assert [message for _, message, _ in mounted(flag).errors] == [says]
