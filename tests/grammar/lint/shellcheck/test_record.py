"""Records are read back unchanged, or not at all."""

from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.shellcheck.record import record, recorded
from stackferry.grammar.lint.shellcheck.remark import Remark

lines = st.text(st.characters(exclude_characters="\t\n"), max_size=20) | st.just("\ud800 \r \u2028")
numbers = st.integers(1, 10**9)
some = st.lists(
    st.builds(
        Remark,
        numbers,
        numbers,
        numbers,
        numbers,
        st.sampled_from(["error", "warning", "info", "style"]),
        st.sampled_from(["SC2086", "SC1000"]),
        lines,
        lines,
    ),
    max_size=4,
)


@given(some)
def test_a_record_gives_its_remarks_back(remarks) -> None:
    assert recorded(record(remarks)) == tuple(remarks)


@given(some, st.integers(0, 10**4))
def test_a_record_that_is_cut_off_is_none(remarks, length) -> None:
    whole = record(remarks)

    assert recorded(whole[:length]) in (None, tuple(remarks))
    assert (recorded(whole[:length]) is None) == (length < len(whole))


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda content: b"remarks 1\n" + content + b"\n"))
def test_other_content_is_none(content) -> None:
    recorded(content)
