"""One table for everything that runs a container."""

from stackferry.grammar.compose.tree.containers import CONTAINER_PATHS, for_each


def test_rules_are_laid_out_below_each_path() -> None:
    assert for_each(("services.*", "jobs.*"), {"dns": 1, "volumes.*": 2}) == {
        "services.*.dns": 1,
        "services.*.volumes.*": 2,
        "jobs.*.dns": 1,
        "jobs.*.volumes.*": 2,
    }
    assert CONTAINER_PATHS == ("services.*", "jobs.*", "services.*.pre_start.*")
