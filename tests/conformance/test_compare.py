"""The comparison itself: what counts as a difference, its reported place, and what is excused."""

import re

import pytest

from stackferry.grammar import diagnostics, files
from stackferry.grammar.compose import discover, stack
from stackferry.grammar.compose.phases import longform, template
from stackferry.grammar.compose.phases.template import Allowance
from stackferry.grammar.compose.tree import read
from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import ROOT
from tests.conformance.compare import VERDICT, compare
from tests.conformance.known import KNOWN, known

PORTS = {"services": {"web": {"ports": [{"target": 80, "published": "80"}]}}}


def accepted(document: object) -> Answer:
    return Answer(Verdict.ACCEPTED, document)


def refused(error: str = "no") -> Answer:
    return Answer(Verdict.REFUSED, error=error)


@pytest.mark.parametrize(
    ("ours", "path", "kind"),
    [
        ({"services": {"web": {"ports": [{"target": "80", "published": "80"}]}}}, "services.*.ports[].target", "type"),
        ({"services": {"web": {"ports": [{"target": 81, "published": "80"}]}}}, "services.*.ports[].target", "value"),
        ({"services": {"web": {"ports": [{"target": 80}]}}}, "services.*.ports[].published", "missing"),
        ({"services": {"web": {"ports": []}}}, "services.*.ports[]", "length"),
        ({"services": {"web": {**PORTS["services"]["web"], "x-a": 1}}}, "services.*.x-*", "extra"),
        ({"services": {}}, "services.*", "missing"),
        (None, "", "type"),
    ],
)
def test_a_difference_has_a_path_without_names(ours: object, path: str, kind: str) -> None:
    (difference,) = compare(accepted(PORTS), accepted(ours))

    assert (difference.path, difference.kind) == (path, kind)


def test_names_of_users_are_stars_wherever_they_give_names() -> None:
    peer = {"services": {"services": {"environment": {"A": "1"}, "build": {"args": {"B": "2"}}}}}
    ours = {"services": {"services": {"environment": {"A": "x"}, "build": {"args": {"B": "x"}}}}}

    found = compare(accepted(peer), accepted(ours))

    assert [one.path for one in found] == ["services.*.build.args.*", "services.*.environment.*"]
    assert [one.at for one in found] == ["services.services.build.args.B", "services.services.environment.A"]


def test_numbers_are_equal_by_value_and_true_is_not_one() -> None:
    assert compare(accepted({"a": 1}), accepted({"a": 1.0})) == []
    assert compare(accepted({"a": 1}), accepted({"a": True}))[0].kind == "type"


def test_the_order_of_keys_does_not_matter_but_the_order_of_items_does() -> None:
    assert compare(accepted({"a": 1, "b": 2}), accepted({"b": 2, "a": 1})) == []
    assert len(compare(accepted({"a": [1, 2]}), accepted({"a": [2, 1]}))) == 2


def test_of_printed_text_the_first_line_that_differs_counts() -> None:
    peer, ours = ["services:", "  a:", "    user: x", ""], ["services:", "  a:", '    user: "x"', "more", ""]

    (difference,) = compare(accepted(peer), accepted(ours))

    assert (difference.path, difference.at) == ("(text) user", "line 3")
    assert compare(accepted(peer), accepted(peer)) == []
    assert compare(accepted(peer), accepted(peer[:2]))[0].ours == "None"


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.CRASHED, Verdict.HUNG])
def test_refusing_is_right_whenever_the_peer_accepts_nothing(verdict: Verdict) -> None:
    assert compare(Answer(verdict, error="x"), refused()) == []
    assert compare(Answer(verdict, error="x"), accepted({}))[0].path == VERDICT


@pytest.mark.parametrize("verdict", [Verdict.CRASHED, Verdict.HUNG])
@pytest.mark.parametrize("peer", [accepted({}), refused(), Answer(Verdict.HUNG), Answer(Verdict.CRASHED)])
def test_nothing_excuses_a_crash_or_hang_of_ours(peer: Answer, verdict: Verdict) -> None:
    assert compare(peer, Answer(verdict, error="x"))[0].path == VERDICT


def test_verdicts_are_grouped_by_message_without_its_names() -> None:
    first = compare(accepted({}), refused('/a/compose.yaml:3:4: error[x]: service "web" is odd'))[0]
    second = compare(accepted({}), refused('/b/compose.yaml:7:1: error[x]: service "db" is odd'))[0]

    assert first.group == second.group


def test_each_known_difference_is_in_the_page_and_each_of_the_page_is_known() -> None:
    page = (ROOT / "docs" / "config-differences.md").read_text()

    section = page.partition("## Files and JSON\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (.*)$", section, re.MULTILINE)

    assert headings == [entry.heading for entry in KNOWN]


def test_the_limits_of_the_page_are_those_of_the_loader() -> None:
    page = (ROOT / "docs" / "config-differences.md").read_text()
    section = page.partition("## Limits\n")[2].partition("\n## ")[0]
    allowance = Allowance()

    assert re.findall(r"\| ([\d,]+)[^|]* \|$", section, re.MULTILINE) == [
        f"{limit:,}"
        for limit in (
            template.DEEPEST,
            allowance.left,
            allowance.nested,
            read.DEEPEST,
            read.EXPANSION,
            diagnostics.ROOM,
            stack.DEEPEST,
            longform.MOST_PORTS,
            read.DIRECTIVES,
            files.LARGEST_FILE >> 20,
            discover.LONGEST_NAME,
            diagnostics.MOST,
        )
    ]


def test_an_ssh_key_with_a_path_is_known() -> None:
    peer = refused("json: error calling MarshalJSON for type types.SSHKey: invalid character ':'")

    (difference,) = compare(peer, accepted({}))

    assert known(difference) is not None
    assert known(compare(peer, Answer(Verdict.CRASHED))[0]) is None
