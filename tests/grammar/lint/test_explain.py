"""Pages of rules and lists of them."""

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lint.catalogue import RETIRED, catalogue
from stackferry.grammar.lint.explain import listed, page, sets
from stackferry.grammar.lint.release import Releases
from stackferry.grammar.lint.rule import Rule
from tests.grammar.lint.catalogues import catalogue_of

CATALOGUE = catalogue_of()
RELEASES = Releases((("0.1.0", "2026.12"), ("0.3.0", "2027.02")))


def test_a_page_is_the_docstring_with_the_row_below():
    text = page(CATALOGUE, "DL3009")

    assert text == (
        "DL3009 for a test.\n\nBad.\n\nSeverity: style (info in the set hadolint)\nSets: hadolint, all\nSince: 0.1.0"
    )
    assert page(CATALOGUE, "curl-insecure").endswith(
        "Severity: warning\nSets: recommended, security, all\nAlso known as: CKV2_DOCKER_2\nSince: 0.1.0"
    )
    assert "Off unless it is selected by its id." in page(CATALOGUE, "DL3057")


def test_an_alias_shows_the_pages_of_all_its_rules():
    text = page(CATALOGUE, "CKV_DOCKER_7")
    assert text.index("DL3006 for a test.") < text.index("DL3007 for a test.")


@pytest.mark.parametrize(
    "name", ["SC2086", "DL1000", "InvalidBaseImagePlatform", "unknown-instruction", *sorted(RETIRED)]
)
def test_an_id_without_a_module_has_a_page(name):
    assert page(CATALOGUE, name).startswith(f"{name}: ")


@pytest.mark.parametrize("rule", list(catalogue()), ids=lambda rule: rule.id)
def test_every_rule_there_is_has_a_page(rule):
    text = page(catalogue(), rule.id)

    assert text.startswith(f"{rule.id}: {rule.summary}\n\n")
    assert text == text.strip()


def test_an_unknown_rule():
    with pytest.raises(StackferryError, match="no such rule: DL9999") as error:
        page(CATALOGUE, "DL9999")
    assert error.value.hint == "list the rules with `stackferry lint --rules`"
    with pytest.raises(StackferryError) as error:
        page(CATALOGUE, "curl-insecur")
    assert error.value.hint == "did you mean 'curl-insecure'?"


def test_the_list():
    ids = [rule.id for rule in listed(CATALOGUE)]

    assert len(ids) == len(CATALOGUE.rules)
    assert ids[:2] == ["DL1001", "DL3000"]
    assert ids.index("UndefinedVar") < ids.index("curl-insecure")


@pytest.mark.parametrize("since", ["0.1.0", "2026.12", "2027.01"])
def test_what_is_new(since):
    assert [rule.id for rule in listed(CATALOGUE, since, RELEASES)] == ["copy-before-install"]
    assert listed(CATALOGUE, "2027.02", RELEASES) == listed(CATALOGUE, "0.3.0", RELEASES) == ()


def test_before_the_first_release_everything_is_new():
    assert listed(CATALOGUE, "2020.01") == listed(CATALOGUE)


def test_what_is_no_release():
    with pytest.raises(StackferryError, match="--since yesterday: neither a month"):
        listed(CATALOGUE, "yesterday")


def test_sets_of_a_rule():
    assert sets(Rule("x-y", "info", "", ("hadolint:warning", "recommended"))) == ("recommended", "hadolint", "all")
    assert sets(Rule("x-y", "ignore", "", ("hadolint:ignore",))) == ("all",)
