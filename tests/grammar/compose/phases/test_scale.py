"""One number of replicas: `scale` reaches `deploy`, where there is one and it says nothing else."""

import pytest

from stackferry.grammar.compose.phases.scale import unite_scale
from stackferry.grammar.compose.tree.node import Node
from tests.grammar.making import config, loaded, problems, tree, value


def united(service: str) -> object:
    """One service after the phase."""
    return value(unite_scale(tree(f"services: {{web: {{{service}}}}}")))["services"]["web"]


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("scale: 2, deploy: {}", {"scale": 2, "deploy": {"replicas": 2}}),
        ("scale: 0, deploy: {}", {"scale": 0, "deploy": {"replicas": 0}}),
        (
            "scale: 2, deploy: {mode: replicated}",
            {"scale": 2, "deploy": {"mode": "replicated", "replicas": 2}},
        ),
        ("scale: 2, deploy: {replicas: 2}", {"scale": 2, "deploy": {"replicas": 2}}),
        ("scale: 2, deploy: {replicas: 0}", {"scale": 2, "deploy": {"replicas": 0}}),
        ("scale: 2", {"scale": 2}),
        ("deploy: {replicas: 3}", {"deploy": {"replicas": 3}}),
        ("deploy: {}", {"deploy": {}}),
    ],
)
def test_a_service(service: str, expected: object) -> None:
    assert united(service) == expected


def test_replicas_stand_where_docker_compose_prints_them_and_where_scale_was_written() -> None:
    root = unite_scale(tree("services:\n  web:\n    scale: 3\n    deploy: {mode: global, labels: {a: b}, x-k: 1}\n"))
    deploy = root.at(("services", "web", "deploy"))

    assert deploy is not None
    assert list(deploy.value) == ["mode", "replicas", "labels", "x-k"]
    assert str(deploy.value["replicas"].span) == "compose.yaml:3:12"
    assert str(deploy.span) == "compose.yaml:4:13"


@pytest.mark.parametrize("text", ["x: 1", "services: {}", "services: {a: {image: x, deploy: {replicas: 1}}}"])
def test_a_tree_without_scale_comes_back_as_it_is(text: str) -> None:
    root = tree(text)

    assert unite_scale(root) is root


def test_a_service_that_says_nothing_of_it_is_shared_and_the_given_tree_stays() -> None:
    root = tree("services: {a: {scale: 2, deploy: {}}, b: {deploy: {}}}\nx-top: 1")
    before = value(root)
    after = unite_scale(root)

    assert value(root) == before
    assert after.at(("services", "b")) is root.at(("services", "b"))
    assert after.get("x-top") is root.get("x-top")


def test_an_empty_tree() -> None:
    assert unite_scale(Node({})) == Node({})


@pytest.mark.parametrize(
    ("service", "replicas", "told"),
    [
        ("scale: 3, deploy: {}", 3, 3),
        ("scale: 0, deploy: {}", 0, 0),
        ("scale: '2', deploy: {labels: {a: b}}", 2, 2),
        ("scale: 3", None, 3),
        ("deploy: {replicas: 4}", 4, 4),
        ("deploy: {}", None, 1),
    ],
)
def test_a_stack_has_one_number_whichever_key_is_read(service: str, replicas: int | None, told: int) -> None:
    text = f"services: {{web: {{image: x, {service}}}}}"

    assert config(text)["services"]["web"].get("deploy", {}).get("replicas") == replicas
    assert loaded(text).project.services["web"].replicas == told


def test_numbers_that_differ_are_told_before() -> None:
    assert problems("services:\n  web: {image: x, scale: 2, deploy: {replicas: 0}}") == [
        "compose.yaml:2:19: error[contradiction]: service 'web': scale 2 contradicts deploy.replicas 0"
    ]


def test_without_the_check_nothing_is_united() -> None:
    text = "services: {web: {image: x, scale: 2, deploy: {replicas: 3}}, b: {image: x, scale: 2, deploy: {}}}"
    services = config(text, check_consistency=False)["services"]

    assert (services["web"]["scale"], services["web"]["deploy"]) == (2, {"replicas": 3})
    assert services["b"]["deploy"] == {}
