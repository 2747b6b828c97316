"""Images built here for use elsewhere: the real engine, and the content of the tar."""

import io
import json
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.images.built import Built, builds, built_images, saved, with_images, without_builds
from stackferry.options.stack_options import load_stack
from stackferry.session import Session, StackChoice
from tests.engine.fixtures import engine

__all__ = ["engine"]


def project_in(folder: Path, name: str) -> tuple[Session, Project]:
    (folder / "compose.yaml").write_text(
        f"name: {name}\nservices:\n  web: {{build: ., pull_policy: build}}\n  db: {{image: 'x:1'}}\n"
    )
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY page /page\nEXPOSE 8123\n")
    (folder / "page").write_text(name)
    session = Session({}, StackChoice(files=(str(folder / "compose.yaml"),)))
    return session, load_stack(session).project


@pytest.fixture
def name() -> Iterator[str]:
    found = f"built{uuid.uuid4().hex[:8]}"
    yield found
    subprocess.run(["docker", "rmi", "-f", f"{found}-web"], capture_output=True)


@pytest.mark.slow
def test_the_tar_has_the_content_as_its_tag_and_leaves_no_name(engine: DockerEngine, tmp_path: Path, name: str) -> None:
    session, project = project_in(tmp_path, name)

    (built,) = built_images(session, engine, project)
    (again,) = built_images(session, engine, project)
    with (tmp_path / "image.tar").open("w+b") as file:
        identity = saved(engine, built, file)
        with tarfile.open(fileobj=file) as tar:
            listed = tar.extractfile("manifest.json")
            assert listed is not None
            (image,) = json.load(listed)

    assert builds(project) == ["web"]
    assert built == again
    assert built.name == f"{name}-web:{built.id.removeprefix('sha256:')[:16]}"
    assert image["RepoTags"] == [built.name]
    assert identity.removeprefix("sha256:") in image["Config"]
    assert engine.image(built.name) is None
    assert engine.image(built.source) is not None

    (tmp_path / "page").write_text("other")
    (changed,) = built_images(session, engine, project)
    assert changed.name != built.name


def test_a_plan_builds_nothing(tmp_path: Path) -> None:
    session, project = project_in(tmp_path, "shop")

    assert built_images(session, FakeEngine(VirtualClock()), project, build=False) == (
        Built("web", "shop-web", "shop-web:not-built", ""),
    )


def test_a_name_that_was_there_stays(tmp_path: Path) -> None:
    session, project = project_in(tmp_path, "shop")
    engine = FakeEngine(VirtualClock())
    (built,) = built_images(session, engine, project)
    engine.tag(built.id, built.name)

    assert saved(engine, built, io.BytesIO()) == built.id
    assert engine.image(built.name) is not None


def test_the_project_runs_it_and_still_knows_its_dockerfile(tmp_path: Path) -> None:
    _, project = project_in(tmp_path, "shop")

    found = with_images(project, {"web": "shop-web:1"})

    web = found.services["web"]
    assert (web.image, web.pull_policy) == ("shop-web:1", None)
    assert web.build == project.services["web"].build
    assert found.services["db"] == project.services["db"]


def test_nobody_has_to_build_what_is_built_here(tmp_path: Path) -> None:
    _, project = project_in(tmp_path, "shop")

    def told(message: str) -> Diagnostic:
        return Diagnostic("code", Severity.WARNING, message, None)

    rest = told("services.web.volumes: another thing")

    assert without_builds([told("services.web.build: needs the image"), rest], project) == [rest]
    assert without_builds([rest], Project("none", str(tmp_path))) == [rest]
