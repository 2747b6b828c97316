"""The file for `docker buildx bake`."""

import json
from typing import Any

from stackferry.emulator.engine.bake import bake_file, fields, grants
from stackferry.emulator.engine.image import BuildOptions, BuildSecret, Linked


def targets(options: BuildOptions, context: str = "/c", **sources: str) -> dict[str, Any]:
    found = json.loads(bake_file(context, options, {one: sources[one.id] for one in options.secrets if not one.file}))
    assert found["group"]["default"]["targets"] == [name for name, one in found["target"].items() if "output" in one]
    return found["target"]


def test_only_what_is_said_stands_in_it() -> None:
    assert targets(BuildOptions(tags=("a:1",))) == {
        "main": {"context": "/c", "tags": ["a:1"], "output": ["type=docker"]}
    }


def test_every_option() -> None:
    options = BuildOptions(
        tags=("a:1", "b:2"),
        dockerfile="D",
        args={"A": "1", "E": "", "NONE": None},
        labels={"l": "m"},
        target="t",
        cache_from=("a:0", "type=local,src=/x"),
        cache_to=("type=local,dest=/x",),
        entitlements=("network.host",),
        extra_hosts={"h": ("1.1.1.1", "2.2.2.2")},
        network="none",
        platform="linux/arm64",
        privileged=True,
        provenance="mode=max",
        sbom="true",
        no_cache=True,
        no_cache_filter=("t",),
        pull=True,
        secrets=(BuildSecret("f", "/a,b"), BuildSecret("v", content=b"x")),
        ssh={"default": None, "k": "/id"},
        ulimits={"nofile": "1:2"},
        shm_size=64,
    )

    assert targets(options, v="type=env,env=V")["main"] == {
        "context": "/c",
        "dockerfile": "D",
        "args": {"A": "1", "E": ""},
        "labels": {"l": "m"},
        "tags": ["a:1", "b:2"],
        "cache-from": ["a:0", "type=local,src=/x"],
        "cache-to": ["type=local,dest=/x"],
        "target": "t",
        "secret": ['id=f,type=file,"src=/a,b"', "id=v,type=env,env=V"],
        "ssh": ["default", "k=/id"],
        "platforms": ["linux/arm64"],
        "pull": True,
        "no-cache": True,
        "no-cache-filter": ["t"],
        "network": "none",
        "shm-size": "64",
        "ulimits": ["nofile=1:2"],
        "entitlements": ["network.host", "security.insecure"],
        "extra-hosts": {"h": "1.1.1.1,2.2.2.2"},
        "attest": ["type=provenance,mode=max", "type=sbom"],
        "output": ["type=docker"],
    }
    assert grants(options) == ("fs=*", "ssh", "network.host", "security.insecure")
    assert targets(BuildOptions(provenance="false"))["main"]["attest"] == ["type=provenance,disabled=true"]


def test_a_text_is_no_template() -> None:
    options = BuildOptions(inline="RUN echo ${A} %{B} $C", args={"A": "$${x}"}, labels={"${k}": "%%{"})

    assert {key: targets(options)["main"][key] for key in ("dockerfile-inline", "args", "labels")} == {
        "dockerfile-inline": "RUN echo $${A} %%{B} $C",
        "args": {"A": "$$${x}"},
        "labels": {"$${k}": "%%%{"},
    }


def test_what_it_copies_from_is_made_too_and_stays_where_it_is() -> None:
    leaf = BuildOptions(tags=("leaf",), privileged=True)
    middle = BuildOptions(contexts={"l": "target:leaf"}, linked={"leaf": Linked("/l", leaf)})
    options = BuildOptions(contexts={"m": "target:main", "d": "/d"}, linked={"main": Linked("/m", middle)})

    assert targets(options) == {
        "main": {"context": "/m", "contexts": {"l": "target:leaf"}},
        "leaf": {"context": "/l", "tags": ["leaf"], "entitlements": ["security.insecure"]},
        "main_": {"context": "/c", "contexts": {"m": "target:main", "d": "/d"}, "output": ["type=docker"]},
    }
    assert grants(options) == ("fs=*", "ssh", "security.insecure")


def test_fields_are_as_buildkit_reads_them() -> None:
    assert fields("id=a", 'src=/x"y,z') == 'id=a,"src=/x""y,z"'
