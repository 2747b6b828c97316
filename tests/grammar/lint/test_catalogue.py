"""Ids and aliases: what they name, what is known without a row, and hints for mistyped ones."""

import inspect
import re
from importlib import import_module

import pytest

from stackferry.grammar.lint.catalogue import RETIRED, ROOMS, Catalogue, Listed, catalogue, is_buildkit_name, rows
from stackferry.grammar.lint.problems import SPOKEN_FOR
from stackferry.grammar.lint.release import RELEASES
from stackferry.grammar.lint.rule import Rule, module_name
from tests.conftest import ROOT
from tests.grammar.lint.catalogues import catalogue_of
from tests.grammar.lint.making import JUDGES, rooms

_ERROR = (
    *("DL3000", "DL3004", "DL3011", "DL3012", "DL3020", "DL3021", "DL3023", "DL3024", "DL3026", "DL3043", "DL3044"),
    *("DL3061", "DL4000", "DL4004"),
)
_INFO = (
    *("DL3001", "DL3009", "DL3010", "DL3015", "DL3019", "DL3047", "DL3049", "DL3050", "DL3059", "DL3060", "DL3066"),
)
_STYLE = ("DL3048",)
_WARNING = (
    *("DL3002", "DL3003", "DL3006", "DL3007", "DL3008", "DL3013", "DL3014", "DL3016", "DL3018", "DL3022", "DL3025"),
    *("DL3027", "DL3028", "DL3029", "DL3030", "DL3032", "DL3033", "DL3034", "DL3035", "DL3036", "DL3037", "DL3038"),
    *("DL3040", "DL3041", "DL3042", "DL3045", "DL3046", "DL3051", "DL3052", "DL3053", "DL3054", "DL3055", "DL3056"),
    *("DL3058", "DL3062", "DL3063", "DL3064", "DL3065", "DL3067", "DL4001", "DL4003", "DL4005", "DL4006"),
)

HADOLINT = {
    identifier: severity
    for severity, identifiers in (
        *(("error", _ERROR), ("warning", _WARNING), ("info", _INFO), ("style", _STYLE), ("", ("DL1001", "DL3057"))),
    )
    for identifier in identifiers
}
"""The severities of hadolint 2.15.1; empty for a rule that is off there."""

PINNING = ("DL3008", "DL3013", "DL3016", "DL3018", "DL3028", "DL3033", "DL3037", "DL3041", "DL3062")
TASTE = ("DL3001", "DL3015", "DL3047", "DL3059", "DL3066", "DL4001")


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("DL3000", ("DL3000",)),
        ("WorkdirRelativePath", ("DL3000",)),
        ("MultipleInstructionsDisallowed", ("DL3012", "DL4003")),
        ("CKV_DOCKER_7", ("DL3006", "DL3007")),
        ("SC2086", ("SC2086",)),
        ("SC9999", ("SC9999",)),
        ("unknown-instruction", ("unknown-instruction",)),
        ("DL1000", ()),
        ("InvalidBaseImagePlatform", ()),
        *((name, ()) for name in sorted(RETIRED)),
        ("DL9999", None),
        ("dl3000", None),
        ("SC208", None),
        ("SC20866", None),
        ("", None),
    ],
)
def test_what_a_name_stands_for(name, ids):
    assert catalogue_of().ids(name) == ids
    assert (name in catalogue_of()) == (ids is not None)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("dl3000", "DL3000"),
        ("DL30OO", "DL3000"),
        ("fromascasing", "FromAsCasing"),
        ("sc2086", "SC2086"),
        ("curl-insecur", "curl-insecure"),
        ("unused-pragmas", "unused-pragma"),
        ("something else", ""),
    ],
)
def test_the_name_that_is_meant(typo, meant):
    assert catalogue_of().suggestion(typo) == meant


def test_an_id_is_there_once():
    row = Listed(Rule("DL3000", "error", ""), "somewhere")
    with pytest.raises(ValueError, match="two rules have the ID DL3000"):
        Catalogue((row, row))


def test_a_check_is_imported_from_the_module_of_its_rule():
    rules = catalogue_of()

    assert rules.check("DL3000")
    assert rules.check("unknown-instruction") is None
    assert rules.check("unused-pragma") is None
    assert rules.is_judge("unused-pragma")
    assert not rules.is_judge("DL3000")


@pytest.mark.parametrize(
    ("name", "is_name"),
    [("FromAsCasing", True), ("JSONArgsRecommended", True), ("DL3000", False), ("CKV_DOCKER_7", False), ("a-b", False)],
)
def test_names_of_buildkit(name, is_name):
    assert is_buildkit_name(name) == is_name


# The real catalogue: what must hold for every row that anybody adds.


def test_every_room_is_listed():
    assert sorted(ROOMS) == sorted((*rooms(), *JUDGES))


def test_every_row_is_of_a_release():
    assert {rule.since for rule in catalogue()} <= {version for version, _ in RELEASES}


def test_every_id_has_the_form_of_its_house():
    form = re.compile(r"DL[134]\d{3}|[A-Z][A-Za-z]+|[a-z]+(-[a-z0-9]+)+")

    assert [rule.id for rule in catalogue() if not form.fullmatch(rule.id)] == []
    assert [rule.id for rule in catalogue() if rule.id in RETIRED] == []


def test_no_alias_is_an_id():
    ids = {rule.id for rule in catalogue()}

    assert [(rule.id, alias) for rule in catalogue() for alias in rule.aliases if alias in ids] == []


def test_sets_have_what_belongs_to_them():
    sets = {name for rule in catalogue() for name in rule.sets}
    recommended = {rule.id: rule.severity for rule in catalogue().optional if "recommended" in rule.sets}

    assert {name.partition(":")[0] for name in sets} <= {"recommended", "security", "hadolint"}
    assert [name for name in (*PINNING, *TASTE) if name in recommended] == []
    assert [name for name, severity in recommended.items() if severity == "style"] == []


def test_the_set_hadolint_is_hadolints_rules_with_its_severities():
    ours = {rule.id: rule.severity_in("hadolint") for rule in catalogue().optional if rule.id.startswith("DL")}

    assert ours == {name: severity for name, severity in HADOLINT.items() if name in ours}
    others = [rule.id for rule in catalogue().optional if rule.id not in ours]
    assert [name for name in others if catalogue().rule(name).severity_in("hadolint")] == []


def test_what_the_parser_reports_is_listed():
    """Every code of a problem that grammar/dockerfile makes has a row, so that it can be named."""
    made = set()
    for path in (ROOT / "grammar" / "dockerfile").rglob("*.py"):
        made |= set(re.findall(r"[Pp]roblem\(\s*\"([a-z]+(?:-[a-z]+)+)\"", path.read_text(encoding="utf-8")))

    assert made
    assert made <= {rule.id for rule in catalogue()}


def test_what_others_speak_for_is_known():
    ids = {rule.id for rule in catalogue()}
    named = {*SPOKEN_FOR, *(name for others in SPOKEN_FOR.values() for name in others)}

    assert [name for name in named - ids if not name.startswith("SC")] == []


@pytest.mark.parametrize("room", JUDGES)
def test_every_judge_has_its_module_and_page(room):
    for row in rows((room,)):
        module = import_module(f"{room}.{module_name(row.rule.id)}")

        assert inspect.cleandoc(module.__doc__).startswith(f"{row.rule.id}: {row.rule.summary}\n\n")
        assert callable(module.judge)
