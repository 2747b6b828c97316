"""Values of `service create`'s flags: refused where installed docker programs refuse them, and only there."""

import os
import subprocess
from typing import Any

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.edits.edit import PayloadLookup
from stackferry.options.service_flags import edited
from tests.stackferry.options.test_docker_options import each_program

NOTHING: Any = PayloadLookup(None)  # type: ignore[arg-type]
SERVICE = ServiceSpec("w", task=TaskTemplate(ContainerSpec("a")))

PUBLISHED = [
    *("80", "8080:80", "8000-8002:80", "80-81:8080-8081", "80-81:80-82", "80/udp", "80/TCP", "80/icmp", "080:0080"),
    *("127.0.0.1:80:80", "[::1]:80:80", "::1:80:80", "80x", "80:", ":80", "", "-80", "80-", "65536", "8000-8000:80"),
    *("target=80", "TARGET=80,Published=90", "target=80, published=90", "target=,published=3", "=80", "target=0080"),
    *("target-port=80", "target=80,mode=host", "target=80,mode=x", "target=80,protocol=icmp", "target=70000"),
    *("target=+80", "published=80", "target=80,published=0", "target=80,", 'target="80', '"target=80"', "target"),
]
MOUNTS = [
    *("target=/b", "type=volume,src=data,dst=/b,volume-nocopy", "source=data,target=/b,volume-subpath=x/y"),
    *("target=/b,volume-label=k=v,volume-label=l", "type=BIND,source=/a,target=/b,ro=0", "type=image,target=/a"),
    *('type=bind,"source=/a,c",target=/b', "type=bind,source=/a,target=/b,bind-propagation=RSlave"),
    *("type=bind,source=/a,target=/b,bind-nonrecursive", "type=tmpfs,target=/b,tmpfs-size=64m,tmpfs-mode=1777"),
    "type=image,source=a,target=/b,image-subpath=x",
    *("type=bind", "", "target=", 'target="/a', 'target=a"b', '"target=/a,b"', "target=/a,", "target=/a,foo", "foo=1"),
    *("target=/a,ro=yes", "target=/a,ro=T", "target=/a, ro", "type=bind,source=/x,target=/a,volume-nocopy"),
    *("type=tmpfs,target=/a,tmpfs-mode=9", "type=tmpfs,target=/a,tmpfs-size=1x", "target=/a,tmpfs-size=1m"),
    *("type=bind,source=/x,target=/a,bind-recursive=writable", "type=bind,source=/x,target=/a,bind-recursive=x"),
    *("type=bind,source=/x,target=/a,readonly,bind-recursive=readonly", "target=/a,volume-nocopy=2", "TARGET=/a"),
    "type=bind,source=/x,target=/a,readonly,bind-recursive=readonly,bind-propagation=rprivate",
    "target=/a,volume-driver=x,volume-opt=a=b,consistency=cached",
]
NEWER = ("volume-subpath", "bind-recursive", "image-subpath")
CPUS = [
    *("0.5", "1/2", ".5", "5.", "1e-3", " 1", "+1", "0.0000000001", "0.123456789", "1.0000000000", "inf", "nan", "1E1"),
    *("010", "1/0", "1e999999999", "", "abc", "1e3/2", "-", ".", "1,5"),
]


@pytest.mark.slow
@each_program
@pytest.mark.parametrize(
    ("flag", "text"),
    [
        *(("publish", text) for text in PUBLISHED),
        *(("mount", text) for text in MOUNTS),
        *(("limit-cpu", text) for text in CPUS),
    ],
)
def test_docker_refuses_the_same(program: str, flag: str, text: str) -> None:
    """The docker command reads these flags itself, before it asks an engine; here it finds none."""
    environment = {**os.environ, "DOCKER_HOST": "unix:///nonexistent"}
    done = subprocess.run(
        [program, "service", "create", f"--{flag}={text}", "alpine"], env=environment, capture_output=True, text=True
    )
    assert done.returncode
    unknown = [key for key in NEWER if f"unexpected key '{key}'" in done.stderr]

    # An older docker does not know the fields that came later.
    assert unknown or ("invalid argument" in done.stderr) == is_refused(flag, text), done.stderr


def is_refused(flag: str, text: str) -> bool:
    try:
        edited(SERVICE, {flag.replace("-", "_"): text if flag == "limit-cpu" else [text]}, NOTHING)
    except StackferryError as error:
        return str(error).startswith(f"--{flag}")
    return False
