"""A service's hash equals the one of docker compose 5.6.0: `config --hash`, recorded here."""

import pytest

from stackferry.grammar.compose.output.service_hash import fingerprint
from tests.grammar.making import loaded

PLAIN = "d5457d0b2799957b606d2ac4ed52d85a1e75799490e56229948300b9a59e8953"
NO_DEPLOY = "daef7adc9ecc59d4881bd1ebc06f26a836d35656f8b5fb0adfdb95b2d856fbd3"
BUILT = "8ed9276b9b43971f5e501d66147c519a039b4cf02cb7c2f3b6c3aa25e8d28823"


def hashed(keys: str, platform: str = "") -> str:
    text = f"services: {{web: {{{keys}}}, other: {{image: y}}}}"
    return fingerprint(loaded(text).canonical_json()["services"]["web"], platform)


@pytest.mark.parametrize(
    ("keys", "theirs"),
    [
        ("image: x", PLAIN),
        ("image: nginx", NO_DEPLOY),
        (
            "image: 'x<&>é', command: [run, 'a b'], environment: {A: '1', B: null}",
            "0ee2f0e59e838ec7944efe4e2964cf59cdcfecd8d01bb5ca95796cb1b0a8bce9",
        ),
        (
            "build: {context: .}, platform: linux/arm64",
            "1436d90491bf2bd291a02e7bd51b891d8f8a68b73f74fbce4f0fe042d2e4003a",
        ),
        (
            "image: x, deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 64m}}}",
            "659f47e6417f7b5252da58890877c9bad234605fd7f534d1a024d0197ae2ab1f",
        ),
        (
            (
                "image: x, blkio_config: {weight: 10, weight_device: [{path: /d, weight: 5}],"
                " device_read_bps: [{path: /d, rate: 1mb}]}"
            ),
            "e975776d9c3b13cfc225f69c10b741114e1c1ef39ca95c739f0ba731598fd366",
        ),
        ("image: nginx, deploy: {}", "2bf9199e0a4ca7a837131c604e191e7d74b5e0a55d4b81b0ba1f37bd8c68ae5f"),
        ("image: nginx, blkio_config: {}", "d13026175a2355bc62b2d6d6d1f85c8e7f619b3eaa3ff52c26b151d476728d42"),
        (
            "image: nginx, blkio_config: {weight_device: [{path: /d}]}",
            "2e85f36fa6021a2d7e1c5cdb4fe4100360eab17851dda1b56b0b67cf008ee09e",
        ),
        (
            "image: nginx, blkio_config: {device_read_bps: [{path: /d}]}",
            "7f5621bdc38ba4eefec3fb8830fcea54a1a341a5f757e9f25e06cddc6e6271aa",
        ),
        (
            "image: nginx, blkio_config: {device_read_bps: [{rate: 5}]}",
            "969e2886a66fedc4dd5b06891b3d2b96c959ccc597dc498a90c0435f69d7f722",
        ),
    ],
)
def test_hashes_of_docker_compose(keys: str, theirs: str) -> None:
    assert hashed(keys) == theirs


@pytest.mark.parametrize(
    "keys",
    [
        "scale: 3",
        "pull_policy: always",
        "depends_on: [other]",
        "profiles: []",
        "x-note: 1",
        "scale: 3, pull_policy: always, depends_on: {other: {condition: service_healthy, restart: true}}",
    ],
)
def test_what_does_not_concern_the_container(keys: str) -> None:
    assert hashed(f"image: x, {keys}") == PLAIN


@pytest.mark.parametrize(
    ("keys", "other"),
    [
        ("deploy: {replicas: 2}", "deploy: {replicas: 5}"),
        ("deploy: {}", "deploy: {replicas: 0}"),
        ("build: {context: a}", "build: {context: b, args: {A: 1}}"),
        ("environment: {A: 1, B: 2}", "environment: [B=2, A=1]"),
    ],
)
def test_what_makes_no_difference(keys: str, other: str) -> None:
    assert hashed(f"image: x, {keys}") == hashed(f"image: x, {other}")


@pytest.mark.parametrize(
    ("keys", "other"),
    [
        ("deploy: {}", "attach: true"),
        ("command: [a, b]", "command: [b, a]"),
        ("command: ['a b']", "command: [a, b]"),
        ("environment: {A: ''}", "environment: {A: }"),
        ("hostname: a", "hostname: b"),
    ],
)
def test_what_makes_a_difference(keys: str, other: str) -> None:
    assert hashed(f"image: x, {keys}") != hashed(f"image: x, {other}")


def test_the_platform_of_a_build_that_names_none() -> None:
    theirs = "bfee7f0c67e9f628e95c8ca303a76db0efbea809fd0f2c2fe32ee5bd3389a873"

    assert hashed("build: {context: .}, scale: 0") == BUILT
    assert hashed("build: {context: .}, scale: 0", "linux/amd64") == theirs
    assert hashed("image: x", "linux/amd64") == PLAIN
    named = "build: {context: .}, platform: linux/arm64"
    assert hashed(named, "linux/amd64") == hashed(named)


def test_the_service_is_not_changed() -> None:
    service = loaded(
        "services: {web: {build: {context: .}, deploy: {replicas: 1}, blkio_config: {weight_device: [{path: /d}]}}}"
    ).canonical_json()["services"]["web"]
    before = repr(service)
    fingerprint(service, "linux/amd64")

    assert repr(service) == before


def test_a_service_of_which_nothing_is_said_is_an_empty_mapping() -> None:
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert fingerprint({"build": {}, "scale": 3}) == fingerprint({})
