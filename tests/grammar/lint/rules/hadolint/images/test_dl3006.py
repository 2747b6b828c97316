import pytest

from tests.grammar.lint.making import marked


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("DL3006", "ARG BASE=python:3.12.9-slim\nFROM ${BASE} AS build\nFROM ${BASE:-debian:12}\n", []),
        ("DL3006", "ARG BASE=python\nFROM ${BASE}\n", ["2 ${BASE}"]),
        ("DL3007", "ARG TAG=latest\nFROM python:${TAG}\n", ["2 python:${TAG}"]),
        ("DL3006", "ARG BASE\nFROM ${BASE}\nFROM x/${BASE}\n", []),
        ("DL3006", "ARG A=py\nARG B=${A}thon\nFROM $B\n", ["3 $B"]),
    ],
)
def test_an_image_in_an_argument_is_judged_by_its_default(rule, text, found):
    """hadolint #339, #1078."""
    assert marked(rule, text) == found
