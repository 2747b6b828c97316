"""The library's public function: its arguments, errors about wrong ones, and that it costs nothing until used."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

import stackferry
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory

STACK = (
    "services: {web: {image: 'nginx:${TAG}', ports: ['80:80'], labels: {a.b: c}}, tool: {image: t, profiles: [dev]}}\n"
)


@pytest.fixture
def shop(here: Path) -> Path:
    (here / "compose.yaml").write_text(STACK)
    (here / "over.yaml").write_text("services: {web: {user: me}}\n")
    return here


def test_paths(shop: Path) -> None:
    given: tuple[tuple[object, ...], ...] = (
        ("compose.yaml", "over.yaml"),
        (["compose.yaml", "over.yaml"],),
        (shop / "compose.yaml", Path("over.yaml")),
        ((shop / "compose.yaml",), "over.yaml"),
    )
    for paths in given:
        loaded = stackferry.load(*paths, environment={"TAG": "1"})  # type: ignore[arg-type]
        assert (loaded.project.services["web"].image, loaded.project.services["web"].user) == ("nginx:1", "me")


def test_without_paths_the_file_is_found(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAG", "2")

    assert stackferry.load().project.services["web"].image == "nginx:2"


def test_text(here: Path) -> None:
    loaded = stackferry.load(text="services: {web: {build: .}}", project_name="p")

    build = loaded.project.services["web"].build
    assert build is not None
    assert (loaded.name, build.context, str(loaded.origin("services.web"))) == ("p", str(here), "-:1:17")


def test_options(shop: Path) -> None:
    (shop / "x.env").write_text("TAG=3\n")
    rest = {"environment": {}, "env_files": "x.env", "project_directory": shop.parent}

    loaded = stackferry.load("compose.yaml", profiles="dev", services=["tool"], **rest)  # type: ignore[arg-type]

    assert list(loaded.project.services) == ["tool"]
    assert loaded.directory == str(shop.parent)
    assert loaded.environment["TAG"] == "3"


def test_problems_are_raised(here: Path) -> None:
    with pytest.raises(stackferry.SourceError) as caught:
        stackferry.load(text="services: {web: {imge: x}}")

    assert caught.value.diagnostics[0].code == "unknown-key"
    assert caught.value.diagnostics[0].severity is stackferry.Severity.ERROR


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        ((5,), {}, "takes paths as str or os.PathLike, not int"),
        ((b"compose.yaml",), {}, "not bytes"),
        (({"a": 1},), {}, "not dict"),
        (("a",), {"text": "b"}, "paths or text, not both"),
        ((), {"text": "a", "profiles": [1]}, "takes names as str, not int, in profiles"),
        ((), {"text": "a", "env_files": 1}, "not int, in env_files"),
        ((), {"text": b"a"}, "takes text as str, not bytes"),
        (("services: {a: {image: x}}",), {}, "to pass its content, write text="),
        (("services:\n",), {}, "to pass its content, write text="),
        (("-",), {}, r"write text=sys.stdin.read\(\)"),
        ((io.StringIO("services: {}"),), {}, "not StringIO"),
        ((), {"text": "a", "profiles": None}, "not NoneType, in profiles"),
        ((), {"text": "a", "environment": ["A=1"]}, "as a mapping of names to values, not list"),
        ((), {"text": "a", "environment": {"A": 1}}, "variables as str, not 'A': 1"),
    ],
)
def test_wrong_arguments_are_told(arguments: tuple[object, ...], keywords: dict[str, object], error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        stackferry.load(*arguments, **keywords)  # type: ignore[arg-type]


def test_a_request_takes_one_name_for_several() -> None:
    files = Memory({"/shop/compose.yaml": STACK}, cwd="/shop")
    request = Request(files="compose.yaml", profiles="dev")  # type: ignore[arg-type]

    assert set(load(request, files=files, environment={}).project.services) == {"web", "tool"}
    assert Request(files=[Path("a")]) == Request(files=("a",))  # type: ignore[arg-type, list-item]


@pytest.mark.parametrize("wrong", [5, b"a", {"a": 1}, [5]])
def test_a_wrong_request_is_told(wrong: object) -> None:
    with pytest.raises(TypeError):
        Request(files=wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Request\(project_name=…\) takes text"):
        Request(project_name=wrong)  # type: ignore[arg-type]


def test_a_request_takes_a_folder_as_a_path() -> None:
    assert Request(project_directory=Path("/shop")).project_directory == "/shop"  # type: ignore[arg-type]


def test_a_path_in_place_of_a_request_is_told() -> None:
    with pytest.raises(TypeError, match=r"write Request\(files=…\), or call stackferry.load"):
        load("compose.yaml", files=Memory({}), environment={})  # type: ignore[arg-type]


def test_an_origin_by_its_name(shop: Path) -> None:
    loaded = stackferry.load("compose.yaml", environment={})

    for name, path in (
        ("services.web.image", ("services", "web", "image")),
        ("services.web.ports[0].target", ("services", "web", "ports", 0, "target")),
        ("services.web.labels.a.b", ("services", "web", "labels", "a.b")),
    ):
        assert loaded.origin(name) == loaded.origin(path) is not None
    assert loaded.origin(["services", "web"]) == loaded.origin("services.web")  # type: ignore[arg-type]
    for nothing in ("services.nope", "services.web.ports[9]", "services.web.ports[x]", "services.web.imag", "networks"):
        assert loaded.origin(nothing) is None
    for wrong in (None, 3, {"services": "web"}):
        with pytest.raises(TypeError, match="takes a path such as"):
            loaded.origin(wrong)  # type: ignore[arg-type]


def test_it_costs_nothing_until_it_is_used() -> None:
    code = "import stackferry, sys; print([m for m in sys.modules if m.startswith(('yaml', 'stackferry.'))])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_what_is_offered_is_there() -> None:
    assert set(stackferry.__all__) <= set(dir(stackferry))
    for name in stackferry.__all__:
        assert getattr(stackferry, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        stackferry.nope  # type: ignore[attr-defined] # noqa: B018
