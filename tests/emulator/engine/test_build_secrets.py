"""Where the content of secrets is stored during a build."""

import stat
from pathlib import Path

from stackferry.emulator.engine.build_secrets import placed
from stackferry.emulator.engine.image import BuildSecret


def test_a_text_is_a_variable_and_all_else_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    text, binary, large = BuildSecret("t", content="grüß\n".encode()), BuildSecret("b", content=b"a\0b"), b"x" * 200_000
    others = BuildSecret("l", content=large), BuildSecret("u", content=b"\xff")

    sources, variables = placed((text, BuildSecret("f", "/own"), binary, *others, text), tmp_path)

    assert sources[text] == "type=env,env=STACKFERRY_BUILD_SECRET_0"
    assert variables == {"STACKFERRY_BUILD_SECRET_0": "grüß\n"}
    assert len(sources) == 4
    for secret in (binary, *others):
        path = Path(sources[secret].removeprefix("type=file,src="))
        assert path.read_bytes() == secret.content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_is_not_printed() -> None:
    assert "sesame" not in repr(BuildSecret("t", content=b"sesame"))
