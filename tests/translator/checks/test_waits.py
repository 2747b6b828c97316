"""A wait that can never end is a bug of ours."""

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.translator import check
from tests.translator.making import service, translated

GOOD = translated(
    service(
        depends_on={
            "db": Dependency(condition="service_healthy"),
            "migrate": Dependency(condition="service_completed_successfully"),
        }
    ),
    service("db"),
    service("migrate"),
)


def codes(*without: str) -> set[str]:
    """What is found when the objects of these kinds or names are missing."""
    left = [one for one in GOOD.objects if one.kind not in without and one.name not in without]
    return {one.code for one in check(left)}


def test_what_is_waited_for_is_there() -> None:
    assert codes() == set()
    assert codes("db-ready") == {"check-wait"}
    assert codes("Job") >= {"check-wait"}


def test_who_asks_may() -> None:
    for kind in ("ServiceAccount", "Role", "RoleBinding"):
        assert codes(kind) == {"check-wait"}
