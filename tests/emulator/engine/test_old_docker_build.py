"""The arguments for docker commands with built-in BuildKit."""

import pytest

from stackferry.emulator.engine.image import BuildOptions, BuildSecret
from stackferry.emulator.engine.old_docker_build import beyond, command, shown

SECRET = BuildSecret("v", content=b"x")


def test_the_words() -> None:
    options = BuildOptions(
        tags=("a:1", "b:2"),
        dockerfile="sub/D",
        args={"TOKEN": "secret", "HTTP_PROXY": "p", "SAME": "s", "OTHER": "mine", "NONE": None, "DOCKER_HOST": "h"},
        labels={"l": "m=n"},
        target="t",
        cache_from=("c:1",),
        extra_hosts={"h": ("1.1.1.1", "2.2.2.2")},
        network="host",
        platform="linux/amd64",
        no_cache=True,
        pull=True,
        secrets=(BuildSecret("f", "/a,b"), SECRET),
        ssh={"default": None},
    )

    words, hidden = command("/c/", options, {SECRET: "type=env,env=V"}, {"SAME": "s", "OTHER": "theirs"})

    assert words == [
        "--progress=plain",
        *("--tag=a:1", "--tag=b:2", "--label=l=m=n", "--cache-from=c:1", "--add-host=h:1.1.1.1"),
        *("--add-host=h:2.2.2.2", '--secret=id=f,type=file,"src=/a,b"', "--secret=id=v,type=env,env=V"),
        *("--ssh=default", "--target=t", "--network=host", "--platform=linux/amd64", "--no-cache", "--pull"),
        *("--build-arg=TOKEN", "--build-arg=HTTP_PROXY=p", "--build-arg=SAME", "--build-arg=OTHER=mine"),
        *("--build-arg=DOCKER_HOST=h", "--file=/c/sub/D", "--", "/c/"),
    ]
    assert hidden == {"TOKEN": "secret", "SAME": "s"}


@pytest.mark.parametrize(
    ("context", "options", "end"),
    [
        ("https://h/r.git", BuildOptions(dockerfile="D"), ["--file=D", "--", "https://h/r.git"]),
        ("/c", BuildOptions(dockerfile="/d/D"), ["--file=/d/D", "--", "/c"]),
        ("/c", BuildOptions(dockerfile="D", inline="FROM x"), ["--file=-", "--", "/c"]),
        ("/c", BuildOptions(), ["--progress=plain", "--", "/c"]),
    ],
)
def test_its_dockerfile(context: str, options: BuildOptions, end: list[str]) -> None:
    assert command(context, options, {}, {})[0][-len(end) :] == end


def test_what_it_cannot() -> None:
    keys = ("secrets", "cache_to", "ssh")

    assert beyond(BuildOptions(), keys) == ("cache_to",)
    assert beyond(BuildOptions(shm_size=1), ("extra_hosts",)) == ("shm_size",)


def test_digests_tell_a_person_nothing() -> None:
    assert shown("#5 sha256:" + "a" * 64) == ""
    assert shown("#5 0.2 sha256:abc") == "#5 0.2 sha256:abc"
