"""Variables by the instruction that sets them."""

from stackferry.grammar.dockerfile.facts.scope import Scope


def test_a_view_sees_what_is_set_before_it() -> None:
    scope = Scope({"PATH": "/bin"})
    scope.set(1, "A", "1", is_env=False)
    scope.set(3, "A", "2", is_env=True)
    scope.set(4, "A", "3", is_env=False)
    scope.set(5, "PATH", None, is_env=False)

    assert dict(scope.view(0)) == {"PATH": "/bin"}
    assert dict(scope.view(2)) == {"PATH": "/bin", "A": "1"}
    # ENV wins over an ARG that comes later, here or in what was inherited.
    assert dict(scope.view(9)) == {"PATH": "/bin", "A": "2"}
    assert scope.environment() == {"PATH": "/bin", "A": "2"}
    assert "B" not in scope.view(9)
    assert len(scope.view(9)) == 2
    assert [setting.at for setting in scope.settings("A")] == [1, 3]


def test_many_settings_are_cheap() -> None:
    scope = Scope({})
    for at in range(100_000):
        scope.set(at, f"N{at % 7}", str(at), is_env=True)

    assert scope.view(50_000)["N0"] == "49994"
