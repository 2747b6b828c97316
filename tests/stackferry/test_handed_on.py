"""Which lines are docker's, and which word of a line decides."""

import pytest

from stackferry.handed_on import HandedOn, handed_on, scan
from stackferry.lookup.service_names import Meant
from stackferry.options.docker_options import OPTIONS

SERVICES = {"web", "redis"}


class Asked:
    """A stack that remembers what it was asked for."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.files: list[str] = []

    def __call__(self, word, files):
        self.words.append(word)
        self.files += files
        return Meant(service=word in SERVICES, like="did you mean 'web'?" if word == "wbe" else "")


def decided(line: str) -> tuple[HandedOn | None, list[str]]:
    """The decision, and the words that the stack was asked for."""
    asked = Asked()
    ours = {"--no-deps", "--profile", "--build", "-T"}
    return handed_on(line.split(), asked, lambda _, option: option in ours), asked.words


@pytest.mark.parametrize(
    "line",
    [
        "image ls",
        "image",
        "container rm -f web",
        "--context far login",
        "-H tcp://far:2376 -D volume ls",
        "-cfar tag a b",
        "--log-level=debug info",
        "system prune --help",
    ],
)
def test_what_is_dockers_alone(line):
    assert decided(line) == (HandedOn(next(word for word in line.split() if word in LINES)), [])


LINES = {"image", "container", "login", "volume", "tag", "info", "system"}


@pytest.mark.parametrize(
    "line",
    [
        "run nginx:1.27",
        "run localhost:5000/web",
        "run --rm -it -e A=b -p 80:80 -v /a:/b --name web nginx@sha256:0 web",
        "build -t web .",
        "build --tag=web ./web",
        "build -",
        "build -t web https://example.org/web.git#main",
        "pull -q docker.io/library/redis",
        "push me/web",
        # Docker's own options before the command.
        "-H ssh://far run web",
    ],
)
def test_no_stack_is_asked_where_the_word_can_be_no_service(line):
    found, asked = decided(line)

    assert found is not None
    assert (found.word, found.remark, asked) == ("", "", [])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("run redis", "redis"),
        ("run -it --rm redis redis-cli -h redis", "redis"),
        ("run -e nginx web", "web"),
        ("run -itenginx web", "web"),
        ("run -it=false -P web", "web"),
        ("run --entrypoint sh -- web", "web"),
        ("build web", "web"),
        ("build --build-arg A=b -q web .", "web"),
        ("pull web nginx", "web"),
        ("push -q redis", "redis"),
    ],
)
def test_a_service_is_ours(line, word):
    assert decided(line) == (None, [word])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("run nginx web", "nginx"),
        ("run --env web --net host alpine.edge", "alpine.edge"),
        ("build -t web app", "app"),
        ("pull hello-world", "hello-world"),
        # An option that neither has: docker may be newer than the table.
        ("run --not-yet-known nginx", "nginx"),
    ],
)
def test_an_image_is_dockers(line, word):
    found, asked = decided(line)

    assert (found, asked) == (HandedOn(line.split()[0], word), [word])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "up -d",
        "ps",
        "swarm init",
        "nosuch word",
        # Nothing is named, so all services are meant.
        "build",
        "build -t web",
        "pull -q",
        "run",
        "run --help",
        "run -h web",
        # Options of ours say that the line is ours.
        "-f other.yaml image ls",
        "-p shop run nginx:1.27",
        "run --no-deps nginx:1.27",
        "run -iT nginx:1.27",
        "run --profile web nginx:1.27",
        "run --build=true nginx:1.27",
    ],
)
def test_everything_else_is_ours_and_asks_nothing(line):
    assert decided(line) == (None, [])


def test_a_word_that_is_almost_a_service_is_told():
    found, _ = decided("run wbe")

    assert found == HandedOn(
        "run", "wbe", "the stack has no service wbe (did you mean 'web'?), so the command is passed to docker"
    )


def test_a_build_may_name_the_stacks_file_or_a_dockerfile():
    asked = Asked()

    assert handed_on(["build", "-f", "a.yaml", "--file=b.yaml", "web"], asked, lambda *_: False) is None
    assert asked.files == ["a.yaml", "b.yaml"]


def test_dots_alone_are_folders():
    assert [decided(f"build {word}")[1] for word in (".", "..", "...", ".web")] == [[], [], [], [".web"]]


def test_a_value_that_is_missing_is_no_word():
    assert scan(["-e"], OPTIONS["run"]) == (None, [], {"-e": [""]})
    assert scan(["-it", "--", "web"], OPTIONS["run"]) == (2, [], {})
