"""The generator of live documents: a page shows the real output of a command."""

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def live():
    spec = importlib.util.spec_from_file_location("live", DOCS / "live.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_output_is_replaced_and_the_rest_is_kept(live):
    page = "# Title\n\nText.\n\n```console\n$ echo new; echo err >&2\nold\n```\n\nMore.\n"
    expected = "# Title\n\nText.\n\n```console\n$ echo new; echo err >&2\nnew\nerr\n```\n\nMore.\n"

    assert live.refreshed(page) == expected
    assert live.refreshed(expected) == expected


def test_named_blocks_are_files_of_their_section_only(live):
    page = (
        "# One\n\n```yaml deep/a.yaml\nx: 1 # not a heading\n# nor this\n```\n\n"
        "```console\n$ cat deep/a.yaml; pwd\n```\n\n# Two\n\n```console\n$ ls\n```\n"
    )
    expected = (
        "# One\n\n```yaml deep/a.yaml\nx: 1 # not a heading\n# nor this\n```\n\n```console\n$ cat deep/a.yaml; pwd\n"
        "x: 1 # not a heading\n# nor this\n/home/me/stack\n```\n\n# Two\n\n```console\n$ ls\n```\n"
    )

    assert live.refreshed(page) == expected


def test_other_blocks_are_left_alone(live):
    page = "```\n$ exit 1\nuntouched\n```\n\n```sh\n$ exit 1\n```\n"

    assert live.refreshed(page) == page


def test_stackferry_is_ours(live):
    assert live.refreshed("```console\n$ stackferry --version\n```\n").splitlines()[2].startswith("stackferry 0.")


def test_a_command_that_breaks_breaks_the_page(live):
    with pytest.raises(RuntimeError, match="ended with 3"):
        live.refreshed("```console\n$ exit 3\n```\n")


def test_the_page_of_fates_knows_every_fate():
    sys.path.insert(0, str(DOCS))
    try:
        import generate
    finally:
        sys.path.remove(str(DOCS))
    from stackferry.translator import Kind
    from stackferry.translator.fates import FATES

    page = generate.support()

    assert generate.MEANINGS.keys() == {kind.name for kind in Kind}
    assert [path for path in FATES if f"| `{path}` |" not in page] == []
