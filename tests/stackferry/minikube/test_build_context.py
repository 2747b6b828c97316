"""Which files of a build context are sent."""

import io
import os
import socket
import stat
import tarfile
import tempfile
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.image import BuildOptions, BuildSecret
from stackferry.emulator.engine.protocol import EngineError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.dockerfile.facts.ignore import Ignore
from stackferry.minikube.build_context import OWN_DOCKERFILE, BuildContext, build_context, leaves_out
from tests.engine.building import with_buildx
from tests.engine.fixtures import engine, image
from tests.engine.own_image import own_name

__all__ = ["engine", "image"]


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(context: BuildContext) -> list[str]:
    return [one.name for one in context.entries]


def packed(context: BuildContext) -> tarfile.TarFile:
    file = io.BytesIO()
    context.pack(file)
    file.seek(0)
    return tarfile.open(fileobj=file)


def text(tar: tarfile.TarFile, name: str) -> str:
    found = tar.extractfile(name)
    assert found is not None
    return found.read().decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "context"
    put(found, "Dockerfile", "a.txt", "sub/b.txt", "sub/deep/c.log")
    return found


def test_files_folders_and_links_with_their_modes(folder: Path) -> None:
    (folder / "a.txt").chmod(0o4751)
    (folder / "link").symlink_to("nowhere/../a.txt")
    (folder / "empty").mkdir(mode=0o700)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s")
        os.rename(f"{short}/s", folder / "socket")
    context = build_context(folder, "", None)

    with packed(context) as tar:
        assert tar.getnames() == names(context)
        assert tar.getnames() == [
            *("Dockerfile", "a.txt", "empty", "link", "sub", "sub/b.txt", "sub/deep", "sub/deep/c.log")
        ]
        assert tar.getmember("a.txt").mode == 0o4751
        assert tar.getmember("link").linkname == "nowhere/../a.txt"
        assert (tar.getmember("empty").isdir(), tar.getmember("empty").mode) == (True, 0o700)
        assert {(one.uid, one.gid) for one in tar} == {(0, 0)}
        assert text(tar, "sub/b.txt") == "sub/b.txt"


def test_the_digest_is_of_what_is_sent(folder: Path) -> None:
    """Not of times, nor of what is left out."""
    (folder / ".dockerignore").write_text("*.log\n**/*.log\n")
    first = build_context(folder, "", None).digest(["arg"])
    os.utime(folder / "a.txt", (1, 1))
    (folder / "sub/deep/c.log").write_text("other")

    assert build_context(folder, "", None).digest(["arg"]) == first
    seen = {first, build_context(folder, "", None).digest(["arg", ""]), build_context(folder, "", None).digest()}
    (folder / "a.txt").chmod(0o755)
    seen.add(build_context(folder, "", None).digest(["arg"]))
    (folder / "a.txt").write_text("another")
    seen.add(build_context(folder, "", None).digest(["arg"]))
    (folder / "a.txt").rename(folder / "b.txt")
    seen.add(build_context(folder, "", None).digest(["arg"]))
    seen.add(build_context(folder, "sub/b.txt", None).digest(["arg"]))
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("dockerfile", "inline", "own"), [("../other/D", None, "FROM x\n"), ("", "FROM y\n", "FROM y\n")]
)
def test_a_dockerfile_that_is_not_in_the_context(folder: Path, dockerfile: str, inline: str | None, own: str) -> None:
    """It has a name of its own there, and no COPY takes it along."""
    write(folder.parent, other__D="FROM x\n")
    (folder / ".dockerignore").write_text("a.txt")
    context = build_context(folder, dockerfile, inline)

    assert context.dockerfile == OWN_DOCKERFILE
    assert names(context)[-2:] == [OWN_DOCKERFILE, f"{OWN_DOCKERFILE}.dockerignore"]
    with packed(context) as tar:
        assert text(tar, OWN_DOCKERFILE) == own
        assert text(tar, f"{OWN_DOCKERFILE}.dockerignore") == f"a.txt\n{OWN_DOCKERFILE}*\n"
        assert "a.txt" not in tar.getnames()


def test_the_dockerfiles_own_ignore_file_goes_first(folder: Path) -> None:
    write(folder, **{".dockerignore": "sub", "docker__D": "FROM x", "docker__D.dockerignore": "*.txt\ndocker\n"})

    assert names(build_context(folder, "docker/D", None)) == [
        *(".dockerignore", "Dockerfile", "docker", "docker/D", "docker/D.dockerignore", "sub", "sub/b.txt"),
        *("sub/deep", "sub/deep/c.log"),
    ]
    assert names(build_context(folder, "", None)) == [
        *(".dockerignore", "Dockerfile", "a.txt", "docker", "docker/D", "docker/D.dockerignore")
    ]


def test_what_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for context, dockerfile, message in (
        (folder / "absent", "", "is not a directory"),
        (folder, "sub/../No", f"Dockerfile {folder}/No not found"),
    ):
        with pytest.raises(StackferryError, match=message):
            build_context(context, dockerfile, None)
    found = build_context(folder, "", None)
    (folder / "a.txt").unlink()
    for use in (found.digest, lambda: found.pack(io.BytesIO())):
        with pytest.raises(StackferryError, match=r"a\.txt: No such file"):
            use()


IGNORED = {
    "nothing": "",
    "all but one": "*\n!a.txt\n",
    "deep ones": "**/*.log\n",
    "of the root alone": "*.log\n",
    "a folder but a file of it": "sub\n!sub/deep/keep\n",
    "all but a folder": "**\n!sub/deep\n",
    "the last one counts": "!a.txt\n*.txt\n!b.txt\nb.txt\n",
    "odd ones": "/a.txt\n./sub/deep/\n# b.txt\n  c?d  \n[x-z].bin\n",
    "its own files": "Dockerfile\n.dockerignore\n",
    "a folder again": "sub/*\n!sub/deep\nsub/deep/*.log\n",
}
FILES = (
    *("a.txt", "b.txt", "c1d", "y.bin", "top.log", "sub/a.txt", "sub/b.log", "sub/deep/keep"),
    *("sub/deep/d.log", "sub/other/e.txt", "more/f.log"),
)


@pytest.mark.real
@pytest.mark.engine
@pytest.mark.parametrize("ignored", IGNORED.values(), ids=IGNORED)
def test_the_same_is_sent_as_docker_sends(engine: DockerEngine, image: str, tmp_path: Path, ignored: str) -> None:
    """What `COPY .` takes of it, by the docker command and its BuildKit."""
    folder, name = tmp_path / "context", own_name("context")
    put(folder, *FILES)
    (folder / ".dockerignore").write_text(ignored)
    secret = "RUN --mount=type=secret,id=a true\n"
    (folder / "Dockerfile").write_text(f"FROM {image}\n{secret}COPY . /copied\n")
    docker = DockerEngine(environment=with_buildx(tmp_path / "config"))
    options = BuildOptions(tags=(name,), secrets=(BuildSecret("a", content=b"x"),))
    try:
        docker.build(folder, options)
        container = docker.create(f"sf-{name.rpartition(':')[2]}", {"Image": name, "Cmd": ["true"]})
        source, found = docker.get_archive(container, "/copied"), io.BytesIO()
        while piece := source.read(1 << 16):
            found.write(piece)
        source.close()
        docker.remove(container)
    finally:
        try:
            docker.remove_image(name)
        except EngineError:
            assert docker.image(name) is None
        docker.close()
    found.seek(0)
    with tarfile.open(fileobj=found) as tar:
        theirs = {one.name.removeprefix("copied/"): stat.S_IMODE(one.mode) for one in tar if "/" in one.name}

    # These two are always sent, for the builder; a COPY takes them only if they are not left out.
    own = {one for one in ("Dockerfile", ".dockerignore") if leaves_out(Ignore(ignored), one)}
    ours = {one.name: stat.S_IMODE(one.mode) for one in build_context(folder, "", None).entries}
    assert {key: mode for key, mode in ours.items() if key not in own} == theirs
