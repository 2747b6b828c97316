"""Building images on the real engine with what its API supports."""

import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.image import BuildOptions, BuildSecret
from tests.engine.building import files
from tests.engine.place import RealPlace, refusal


@pytest.fixture
def real(engine: DockerEngine, image: str) -> Iterator[RealPlace]:
    place = RealPlace(engine, image)
    yield place
    place.close()


def test_a_build(real: RealPlace, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {real.image}\nCOPY note /note\nARG WHO\nLABEL who=$WHO\n")
    (tmp_path / "note").write_text("hello")
    (tmp_path / ".dockerignore").write_text("secret\n")
    (tmp_path / "secret").symlink_to("/absent")
    tags = (f"{real.name('image')}:1", f"localhost:5000/{real.name('image')}:2")
    said: list[str] = []

    built = real.engine.build(tmp_path, BuildOptions(tags=tags, args={"WHO": "me"}), said.append)

    info = real.engine.image(built)
    assert info is not None
    assert set(info.tags) == set(tags)
    assert info.labels["who"] == "me"
    assert any("COPY note" in line for line in said)
    inline = real.engine.build(tmp_path, BuildOptions(inline=f"FROM {real.image}\nLABEL by=inline\n"))
    found = real.engine.image(inline)
    assert found is not None
    assert found.labels["by"] == "inline"
    for name in (*tags, inline):
        real.engine.remove_image(name)
    assert real.engine.image(tags[0]) is None


def test_a_build_that_needs_buildkit(real: RealPlace, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        f"FROM {real.image}\nARG WHO\nRUN --mount=type=cache,target=/c echo kept >/c/x && cp /c/x /x && echo for $WHO\n"
        "COPY --chmod=700 note /note\nLABEL who=$WHO\n"
    )
    (tmp_path / "note").write_text("hello")
    tags = (f"{real.name('image')}:1", f"localhost:5000/{real.name('image')}:2")
    said: list[str] = []

    built = real.engine.build(tmp_path, BuildOptions(tags=tags, args={"WHO": "me"}, no_cache=True), said.append)

    info = real.engine.image(built)
    assert info is not None
    assert set(info.tags) == set(tags)
    assert info.labels["who"] == "me"
    assert any("RUN --mount=type=cache" in line for line in said)
    assert "for me" in said
    for name in tags:
        real.engine.remove_image(name)
    (tmp_path / "Dockerfile").write_text(f"FROM {real.image}\nRUN --mount=type=tmpfs,target=/t echo so; exit 3\n")
    error = refusal(lambda: real.engine.build(tmp_path, BuildOptions(), said.append))
    assert "exit code: 3" in error.message
    assert "so" in said
    assert "BuildKit" in refusal(lambda: real.engine.build(tmp_path, BuildOptions(memory=1 << 28))).message


def test_a_build_that_fails(real: RealPlace, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {real.image}\nRUN exit 3\n")

    error = refusal(lambda: real.engine.build(tmp_path, BuildOptions()))
    assert "returned a non-zero code: 3" in error.message
    assert "not a directory" in refusal(lambda: real.engine.build(tmp_path / "absent", BuildOptions())).message
    missing = refusal(lambda: real.engine.build(tmp_path, BuildOptions(dockerfile="Absent")))
    assert "Absent" in missing.message


@pytest.mark.parametrize("mount", ["", "--mount=type=tmpfs,target=/t "], ids=["classic", "buildkit"])
def test_limits_of_a_build(real: RealPlace, tmp_path: Path, mount: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {real.image}\nRUN {mount}ulimit -n >/n; ulimit -Hn >>/n\n")
    options = BuildOptions(tags=(real.name("image"),), ulimits={"nofile": "1000:2000"}, isolation="default")
    modern = int(real.engine.version().version.partition(".")[0]) >= 23

    if mount and not modern:
        assert "ulimits are not supported" in refusal(lambda: real.engine.build(tmp_path, options)).message
        return
    real.engine.build(tmp_path, options)
    assert files(real.engine, real.name("image"), "/n") == ["1000\n2000\n"]
    real.engine.remove_image(real.name("image"))


@contextmanager
def served(content: bytes) -> Iterator[str]:
    """The URL at which it is had."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/x-tar")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/context.tar"
    server.shutdown()
    server.server_close()


def test_what_is_at_a_url(real: RealPlace) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in (("Dockerfile", f"FROM {real.image}\nCOPY note /note\n"), ("note", "hello")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    with served(packed.getvalue()) as url:
        real.engine.build(url, BuildOptions(tags=(real.name("image"),)))

    assert files(real.engine, real.name("image"), "/note") == ["hello"]
    real.engine.remove_image(real.name("image"))


def test_what_the_api_does_not_take_is_never_left_out(real: RealPlace, tmp_path: Path) -> None:
    bare = DockerEngine(environment={"PATH": "/absent", "DOCKER_HOST": real.engine.host})
    (tmp_path / "Dockerfile").write_text(f"FROM {real.image}\n")
    options = BuildOptions(tags=(real.name("image"),), secrets=(BuildSecret("a", content=b"x"),), cache_to=("inline",))

    unable = bare.unable(options)

    assert unable is not None
    assert unable.keys == ("cache_to", "secrets")
    assert refusal(lambda: bare.build(tmp_path, options)).message.startswith("cache_to, secrets: needs the docker")
    assert bare.unable(BuildOptions(provenance="false", cache_from=("x:1",))) is None
    url = "http://127.0.0.1:1/c.tar"
    assert refusal(lambda: bare.build(url, BuildOptions(inline="FROM x"))).message.startswith("dockerfile_inline: ")
    bare.close()
