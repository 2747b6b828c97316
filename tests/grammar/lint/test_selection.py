"""Which rules run, with which severity: sets, terms, layers, globs, frozen releases, hadolint's severities."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.config.config import Choice, Config, with_options
from stackferry.grammar.lint.release import Releases
from stackferry.grammar.lint.selection import Selection, Selector
from tests.grammar.lint.catalogues import RULES, catalogue_of

CATALOGUE = catalogue_of()
RECOMMENDED = {rule.id for rule in RULES if "recommended" in rule.sets} | {"unknown-pragma-id", "unused-pragma"}
HADOLINT = {rule.id for rule in RULES if "hadolint" in rule.sets} | {"DL3009"}


def selection(config: Config, path: str = "Dockerfile", releases: Releases | None = None) -> Selection:
    return Selector(CATALOGUE, config, releases).of(path)


def rules(**given) -> set[str]:
    return set(selection(Config(**given)).rules)


def test_sets():
    assert rules() == RECOMMENDED
    assert rules(set="hadolint") == HADOLINT
    assert rules(set="security") == {"curl-insecure"}
    assert rules(set="none") == set()
    assert rules(set="all") == {rule.id for rule in CATALOGUE.optional} - {"copy-before-install"}


@pytest.mark.parametrize(
    ("select", "ignore", "added", "taken"),
    [
        (("DL3008",), (), {"DL3008"}, set()),
        (("DL3005", "DL1000"), (), set(), set()),
        ((), ("DL3006",), set(), {"DL3006"}),
        ((), ("CKV_DOCKER_7",), set(), {"DL3006", "DL3007"}),
        ((), ("MultipleInstructionsDisallowed",), set(), {"DL3012", "DL4003"}),
        (("DL3008",), ("DL",), {"DL3008"}, {name for name in RECOMMENDED if name.startswith("DL")}),
        (("DL",), ("DL3008",), HADOLINT - RECOMMENDED - {"DL3008"} | {"DL3057", "DL1001"}, set()),
        (("DL3008",), ("DL3008",), set(), set()),
        (("all",), ("FromAsCasing",), {rule.id for rule in CATALOGUE.optional}
         - RECOMMENDED - {"FromAsCasing", "copy-before-install"}, set()),
        (("copy-before-install",), (), {"copy-before-install"}, set()),
        ((), ("recommended",), set(), RECOMMENDED),
        (("buildkit",), ("FromAsCasing",), {"InvalidDefinitionDescription"}, set()),
    ],
)  # fmt: skip
def test_terms_over_the_recommended_set(select, ignore, added, taken):
    assert rules(select=select, ignore=ignore) == RECOMMENDED - taken | added


def test_the_command_line_decides_over_the_file():
    config = Config(select=("DL3008",), ignore=("DL3006",))

    assert "DL3006" in selection(with_options(config, select=("DL",))).rules
    assert "DL3008" not in selection(with_options(config, ignore=("DL",))).rules
    assert "DL3008" in selection(with_options(config, select=("DL4",))).rules


def test_options_that_are_not_given_change_nothing():
    config = Config(set="all", select=("DL3008",), fail_on="error")

    assert with_options(config) == config
    assert with_options(config, set="security", fail_on="info") == config._replace(set="security", fail_on="info")


def test_globs_take_rules_away_for_some_files():
    config = Config(
        select=("DL3008",),
        per_file_ignores=(("test/**", ("DL3008", "SC2")), ("Dockerfile.dev", ("DL300",))),
        folder="/p",
    )
    selector = Selector(CATALOGUE, config)

    assert "DL3008" in selector.of("/p/Dockerfile").rules
    assert "DL3008" not in selector.of("/p/test/a/Dockerfile").rules
    assert selector.of("/p/test/a/Dockerfile").severity("SC2086", "error") == ""
    assert selector.of("/p/test/a/Dockerfile").severity("SC3014", "error") == "error"
    assert "DL3006" not in selector.of("/p/a/Dockerfile.dev").rules
    assert selector.of("/p/a/Dockerfile") is selector.of("/p/b/Dockerfile")


def test_the_command_line_does_not_bring_back_what_a_glob_takes():
    config = with_options(Config(per_file_ignores=(("x/*", ("DL3006",)),)), select=("DL3006",))
    assert "DL3006" not in selection(config, "x/Dockerfile").rules


def test_a_frozen_set_stays_and_a_newer_one_moves():
    releases = Releases((("0.1.0", "2026.12"), ("0.3.0", "2027.02")))

    assert "copy-before-install" not in selection(Config(set="all"), releases=releases).rules
    assert "copy-before-install" not in selection(Config(set="all", rules="0.1.0"), releases=releases).rules
    assert "copy-before-install" in selection(Config(set="all", rules="0.3.0"), releases=releases).rules
    major = Releases((*releases.table, ("1.0.0", "2028.01")))
    assert "copy-before-install" in selection(Config(set="all"), releases=major).rules
    assert "copy-before-install" not in selection(Config(set="all", rules="0.1.0"), releases=major).rules
    assert selection(Config(rules="0.1.0"), releases=major).settings.release == "0.1.0"


def test_severities():
    found = selection(Config(severities={"DL3006": "info", "SC2086": "error", "DL3003": "style"}, select=("SC2086",)))

    assert found.severity("DL3006") == "info"
    assert found.severity("DL3006", "error") == "info", "a configuration overrules what a check says of one finding"
    assert found.severity("DL3007") == "warning"
    assert found.severity("DL3007", "info") == "info"
    assert found.severity("DL3003") == "", "a severity selects nothing"
    assert found.severity("SC2086", "info") == "error"
    assert found.severity("SC2087", "info") == ""
    assert found.severity("SC2087", "warning") == "warning"
    assert found.severity("no-such-rule", "error") == ""


def test_the_set_hadolint_has_hadolints_severities():
    found = selection(Config(set="hadolint", severities={"DL3006": "error"}))

    assert found.severity("DL3009") == "info", "style in all other sets"
    assert found.severity("DL3009", "error") == "info"
    assert found.severity("DL3006") == "error"
    assert found.severity("SC1000", "style") == "style"
    assert found.settings.hadolint
    assert not selection(Config()).settings.hadolint


@pytest.mark.parametrize("name", ["recommended", "hadolint"])
def test_what_is_off_by_default_has_a_severity_where_it_is_selected(name):
    assert selection(Config(set=name)).severity("DL3057") == ""
    assert selection(Config(set=name, select=("DL3057",))).severity("DL3057") == "info"
    assert selection(Config(set=name, select=("DL3057",), severities={"DL3057": "error"})).severity("DL3057") == "error"
    assert selection(Config(set=name, select=("DL1001",))).severity("DL1001") == "info"


@pytest.mark.parametrize("name", ["recommended", "all", "security", "hadolint", "none"])
def test_what_the_parser_reports_is_in_every_set(name):
    assert selection(Config(set=name)).severity("unknown-instruction") == "error"
    assert selection(Config(set=name, ignore=("all", "own"))).severity("unknown-instruction") == "error"
    assert selection(Config(set=name, ignore=("unknown-instruction",))).severity("unknown-instruction") == ""


def test_a_bug_of_ours_cannot_be_ignored():
    config = Config(ignore=("internal-error",), per_file_ignores=(("*", ("internal-error",)),))
    assert selection(config).severity("internal-error") == "error"


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        ({}, True),
        ({"set": "security"}, False),
        ({"set": "none"}, False),
        ({"set": "none", "select": ("SC2086",)}, True),
        ({"set": "none", "select": ("SC3",)}, True),
        ({"ignore": ("SC",)}, False),
        ({"ignore": ("SC",), "select": ("SC2086",)}, True),
        ({"ignore": ("SC2086",)}, True),
        ({"per_file_ignores": (("*", ("SC",)),)}, False),
    ],
)
def test_whether_shellcheck_is_needed(given, runs):
    assert selection(Config(**given)).shellcheck is runs


TERMS = st.sampled_from(
    [
        "DL3008",
        "DL3006",
        "DL3",
        "DL",
        "SC",
        "SC2086",
        "all",
        "security",
        "own",
        "buildkit",
        "CKV_DOCKER_7",
        "FromAsCasing",
    ]
)


@given(st.lists(TERMS, max_size=6), st.lists(TERMS, max_size=6), st.lists(TERMS, max_size=3), st.randoms())
def test_the_order_of_terms_does_not_matter(select, ignore, asked, chance: random.Random):
    def shuffled(names: list[str]) -> tuple[str, ...]:
        mixed = [*names, *names[:1]]
        chance.shuffle(mixed)
        return tuple(mixed)

    config = Config(select=tuple(select), ignore=tuple(ignore), command_line=Choice(tuple(asked)))
    other = Config(select=shuffled(select), ignore=shuffled(ignore), command_line=Choice(shuffled(asked)))

    assert selection(config).rules == selection(other).rules
    for severity in ("error", "warning", "info", "style"):
        assert selection(config).severity("SC2086", severity) == selection(other).severity("SC2086", severity)


@given(st.lists(TERMS, max_size=4), st.lists(TERMS, max_size=4))
def test_rules_come_in_the_order_of_the_catalogue(select, ignore):
    found = list(selection(Config(select=tuple(select), ignore=tuple(ignore))).rules)
    order = [rule.id for rule in CATALOGUE]

    assert found == sorted(found, key=order.index)
