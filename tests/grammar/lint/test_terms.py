"""What `select` and `ignore` may name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.terms import SETS, suggestion, term
from tests.grammar.lint.catalogues import RULES, catalogue_of

CATALOGUE = catalogue_of()


def ids(text: str, release: str = "0.1.0") -> set[str] | None:
    found = term(CATALOGUE, text, release)
    return None if found is None else set(found.ids)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DL3000", {"DL3000"}),
        ("WorkdirRelativePath", {"DL3000"}),
        ("MultipleInstructionsDisallowed", {"DL3012", "DL4003"}),
        ("DL4", {"DL4003"}),
        ("DL300", {"DL3000", "DL3003", "DL3004", "DL3006", "DL3007", "DL3008", "DL3009"}),
        ("CKV2_DOCKER_", {"DL3004", "curl-insecure"}),
        ("CKV", {"DL3000", "DL3004", "DL3006", "DL3007", "curl-insecure"}),
        ("security", {"curl-insecure"}),
        ("own", {"curl-insecure", "unknown-pragma-id", "unused-pragma"}),
        (
            "buildkit",
            {"DL3000", "DL3012", "DL4003", "FromAsCasing", "UndefinedVar", "InvalidDefinitionDescription"},
        ),
        ("none", set()),
        ("DL3005", set()),
        ("DL1000", set()),
        ("DL303", set()),
        ("SC", set()),
        ("SC2086", {"SC2086"}),
        ("unknown-instruction", {"unknown-instruction"}),
        ("DL99", None),
        ("D", None),
        ("dl3", None),
        ("From", None),
        ("", None),
        ("curl", None),
        ("*", None),
    ],
)
def test_what_a_term_means(text, expected):
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "identifier", "severity", "covered"),
    [
        ("SC", "SC2086", "style", True),
        ("SC2", "SC2086", "info", True),
        ("SC2", "SC3014", "error", False),
        ("SC2086", "SC2086", "style", True),
        ("SC2086", "SC2085", "error", False),
        ("recommended", "SC2086", "warning", True),
        ("recommended", "SC2086", "info", False),
        ("all", "SC2086", "style", True),
        ("hadolint", "SC2086", "style", True),
        ("security", "SC2086", "error", False),
        ("none", "SC2086", "error", False),
        ("DL", "SC2086", "error", False),
    ],
)
def test_what_a_term_takes_of_shellcheck(text, identifier, severity, covered):
    found = term(CATALOGUE, text)
    assert found is not None
    assert found.covers(identifier, severity) is covered


def test_the_set_all_is_every_rule_but_what_is_preview():
    everything = {rule.id for rule in CATALOGUE.optional}

    assert ids("all", "") == everything
    assert ids("all") == everything - {"copy-before-install"}
    assert ids("copy-before-install") == {"copy-before-install"}


def test_the_narrower_term_weighs_more():
    weights = [term(CATALOGUE, text).weight for text in ("all", "DL", "DL3", "DL300", "DL3000")]

    assert weights == sorted(set(weights))
    assert term(CATALOGUE, "WorkdirRelativePath").weight == weights[-1]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("recomended", "recommended"),
        ("Security", "security"),
        ("dl3000", "DL3000"),
        ("buildkid", "buildkit"),
        ("x", ""),
    ],
)
def test_the_term_that_is_meant(text, meant):
    assert suggestion(CATALOGUE, text) == meant


@given(st.text(max_size=12) | st.from_regex(r"[A-Z]{1,4}[0-9_-]{0,6}", fullmatch=True))
def test_any_text_is_a_term_or_none(text):
    found = term(CATALOGUE, text, "0.1.0")
    assert found is None or found.ids <= {rule.id for rule in CATALOGUE} | {text}


def test_there_is_no_rule_named_as_a_set():
    assert not {name for rule in RULES for name in (rule.id, *rule.aliases)} & set(SETS)
