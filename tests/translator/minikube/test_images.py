import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.minikube.images import held, whole, with_names

LISTED = json.dumps(
    [
        {"id": "sha256:aa", "repoDigests": [], "repoTags": ["docker.io/library/shop-web:1", "web:2"], "size": "1"},
        {"id": "bb", "repoDigests": [], "repoTags": None, "size": "1"},
        {"id": "cc", "repoTags": ["registry.k8s.io/pause:3.10.1"]},
    ]
)


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ("busybox", "docker.io/library/busybox:latest"),
        ("busybox:1", "docker.io/library/busybox:1"),
        ("me/app:1", "docker.io/me/app:1"),
        ("ghcr.io/me/app", "ghcr.io/me/app:latest"),
        ("localhost/app:1", "localhost/app:1"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("app@sha256:aa", "docker.io/library/app@sha256:aa"),
    ],
)
def test_whole_names(short, expected):
    assert whole(short) == expected
    assert whole(whole(short)) == whole(short)


def test_what_a_node_has():
    there = held(LISTED)

    assert there.has("shop-web:1")
    assert there.has("shop-web:1", "sha256:aa")
    assert not there.has("shop-web:1", "sha256:bb")
    assert there.has("web:2", "sha256:aa")
    assert there.has("registry.k8s.io/pause:3.10.1", "sha256:cc")
    assert not there.has("shop-web")
    assert there.tags_of("shop-web") == ("docker.io/library/shop-web:1",)


@pytest.mark.parametrize("text", ["", "\n", "[]", "null", "{}", "not json"])
def test_a_node_that_does_not_run_has_none(text):
    assert held(text).ids == {}


@given(st.text(max_size=50))
def test_any_answer_is_read(text):
    held(text)


def test_pods_that_run_other_images():
    pods = {
        "initContainers": [{"name": "wait", "image": "curl:8"}],
        "containers": [{"name": "web", "image": "shop-web", "env": [{"name": "image", "value": "shop-web"}]}],
        "volumes": [{"name": "v", "image": {"reference": "shop-web:latest", "pullPolicy": "Never"}}],
    }
    web = Manifest("Deployment", "web", None, {"spec": {"template": {"spec": pods}}})
    config = Manifest("ConfigMap", "c", None, {"data": {"image": "shop-web"}})

    after, same = with_names([web, config], {"docker.io/library/shop-web:latest": "shop-web:3f"})

    spec = after.body["spec"]["template"]["spec"]
    assert [one["image"] for one in (*spec["initContainers"], *spec["containers"])] == ["curl:8", "shop-web:3f"]
    assert spec["volumes"][0]["image"]["reference"] == "shop-web:3f"
    assert spec["containers"][0]["env"] == [{"name": "image", "value": "shop-web"}]
    assert same is config
    assert pods["containers"][0]["image"] == "shop-web", "what was given is not changed"
