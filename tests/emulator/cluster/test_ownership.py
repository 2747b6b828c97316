"""Who owns an object, and what is reported about it."""

import pytest

from stackferry.emulator.cluster.labels import NAMESPACE, STACK, of_stack
from stackferry.emulator.cluster.ownership import PROJECT, is_own, left, network_in_the_way, volume_in_use


@pytest.mark.parametrize(
    ("labels", "own"),
    [
        (of_stack("shop"), True),
        # What any version of ours made, whatever else it has or lacks.
        ({STACK: "shop"}, True),
        ({**of_stack("shop"), PROJECT: "shop"}, True),
        (of_stack("other"), False),
        ({NAMESPACE: "shop"}, False),
        ({PROJECT: "shop"}, False),
        ({}, False),
    ],
)
def test_only_the_label_of_the_stack_counts(labels: dict[str, str], own: bool) -> None:
    assert is_own(labels, "shop") is own


@pytest.mark.parametrize(
    ("labels", "whose", "remedy"),
    [
        ({}, "was not created by stackferry", "docker network rm shop_back"),
        (
            {PROJECT: "shop", "com.docker.compose.network": "back"},
            "was created by docker compose for the project shop",
            "docker compose -p shop down",
        ),
        ({NAMESPACE: "shop"}, "was created by docker for the stack shop", "docker stack rm shop"),
        (of_stack("other"), "belongs to the stack other", "stackferry -p other down"),
    ],
)
def test_words(labels: dict[str, str], whose: str, remedy: str) -> None:
    message, hint = network_in_the_way("shop_back", labels, "back")
    assert message == f"network shop_back already exists, and {whose}"
    assert hint == (
        f"remove it first: `{remedy}`; or use it as it is: `networks: {{back: {{name: shop_back,"
        " external: true}}`; or give the stack's network another `name:`"
    )
    assert network_in_the_way("shop_back", labels)[1] == f"remove it first: `{remedy}`"
    message, hint = volume_in_use("shop_data", labels, "data")
    assert (
        message == f"volume shop_data already exists, and {whose}: the stack uses it, and `down -v` does not remove it"
    )
    assert "`volumes: {data: {name: shop_data, external: true}}`" in hint
    assert left("volume", "shop_data", labels) == f"volume shop_data stays: it {whose}"
