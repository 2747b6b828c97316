"""Images: Docker's pull policy, and how to build."""

import pytest

from stackferry.grammar.compose.model.build import Build
from tests.translator.making import HERE, codes, container, note, service, translated


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, "IfNotPresent"),
        ("missing", "IfNotPresent"),
        ("if_not_present", "IfNotPresent"),
        ("build", "IfNotPresent"),
        ("always", "Always"),
        ("never", "Never"),
        ("daily", "Always"),
        ("every_12h", "Always"),
    ],
)
def test_pull_policy(policy: str | None, expected: str) -> None:
    found = translated(service(image="nginx", pull_policy=policy))

    assert container(found)["imagePullPolicy"] == expected
    assert codes(found) == (["pull-policy"] if policy in ("daily", "every_12h") else [])


def test_built_image_has_composes_name_and_a_command() -> None:
    build = Build(
        context=f"{HERE}/web", dockerfile="prod.Dockerfile", target="run", args={"A": "1 2", "NPM_TOKEN": "s3cret"}
    )
    found = translated(service(image=None, build=build))

    assert container(found)["image"] == "shop-web:latest"
    assert note(found, "build").hint == (
        "minikube image build -t shop-web:latest -f prod.Dockerfile --build-opt=target=run"
        " '--build-opt=build-arg=A=1 2' --build-opt=build-arg=NPM_TOKEN web"
    )


def test_built_image_keeps_the_name_that_it_was_given() -> None:
    found = translated(service(image="me/web:1", build=Build(context=HERE)))

    assert container(found)["image"] == "me/web:1"
    assert note(found, "build").hint == "minikube image build -t me/web:1 ."


@pytest.mark.parametrize(("given", "expected"), [(" ", "shop-web:latest"), ("nginx:1 ", "nginx:1")])
def test_blanks_are_no_part_of_a_name(given: str, expected: str) -> None:
    found = translated(service(image=given))

    assert container(found)["image"] == expected
    assert "image" in codes(found)
