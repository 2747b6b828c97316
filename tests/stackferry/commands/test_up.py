"""`up`: what it refuses."""

import pytest


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--no-start"], 2, "`stackferry up --scale SERVICE=0` to create one without starting it"),
        (["-w"], 2, "`stackferry up -d --build` to build, and to replace"),
        (["--no-recreate", "--force-recreate"], 2, "--no-recreate and --force-recreate cannot be used together"),
        (["--no-attach", "wep"], 1, "no such service: wep hint: did you mean 'web'?"),
    ],
)
def test_what_is_refused(here, stackferry, monkeypatch, words, code, says):  # type: ignore[no-untyped-def]
    from stackferry import engine

    monkeypatch.setattr(engine, "connect", lambda _session: None)
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    done = stackferry("up", *words)

    assert done.code == code
    assert says in " ".join(done.err.split())
