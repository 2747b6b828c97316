"""Variables by the instruction that sets them."""

from stackferry.grammar.dockerfile.facts.scope import Scope


def test_a_view_sees_what_is_set_before_it() -> None:
    scope = Scope({"PATH": "/bin"})
    scope.set(1, "A", "1", is_env=False)
    scope.set(3, "A", "2", is_env=True)
    scope.declare(4, "A")
    scope.declare(5, "PATH")
    scope.declare(6, "C")

    assert dict(scope.view(0)) == {"PATH": "/bin"}
    assert dict(scope.view(2)) == {"PATH": "/bin", "A": "1"}
    # An ARG without a value changes nothing, here or in what was inherited.
    assert dict(scope.view(9)) == {"PATH": "/bin", "A": "2", "C": None}
    assert "B" not in scope.view(9)
    assert len(scope.view(9)) == 3
    assert [setting.at for setting in scope.settings("A")] == [1, 3]
    assert [scope.is_argument("A", at) for at in (2, 9)] == [True, False]


def test_a_stage_inherits_both_kinds() -> None:
    scope = Scope({"PATH": "/bin", "OLD": "1"}, frozenset({"OLD"}))
    scope.set(1, "A", "1", is_env=True)
    scope.set(2, "A", "2", is_env=False)
    scope.set(3, "OLD", "2", is_env=True)
    child = scope.child()

    assert dict(child.view(9)) == {"PATH": "/bin", "OLD": "2", "A": "2"}
    assert [child.is_argument(name, 9) for name in ("A", "OLD", "PATH", "B")] == [True, False, False, False]
    assert dict(child.child().view(0)) == dict(child.view(9))


def test_many_settings_are_cheap() -> None:
    scope = Scope({})
    for at in range(100_000):
        scope.set(at, f"N{at % 7}", str(at), is_env=True)

    assert scope.view(50_000)["N0"] == "49994"
