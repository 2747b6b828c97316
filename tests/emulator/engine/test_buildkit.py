"""Which Dockerfiles need BuildKit, and its messages."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.engine.buildkit import Trace, needs_buildkit


@pytest.mark.parametrize(
    "line",
    [
        "RUN --mount=type=cache,target=/root/.cache pip install x",
        "run  --network=none true",
        "RUN \\\n  --mount=type=bind,target=. make",
        "COPY --from=a --link /x /y",
        "ADD --checksum=sha256:00 https://example.org/x /x",
        "COPY --chmod=755 x /x",
        "ONBUILD RUN --mount=type=tmpfs,target=/t true",
        "COPY <<EOF /x\nhello\nEOF",
        "RUN <<'END'\ntrue\nEND",
    ],
)
def test_what_needs_it(line: str) -> None:
    assert needs_buildkit(f"FROM x\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "RUN echo --mount=type=cache",
        "# RUN --mount=type=cache true",
        "COPY --from=a --chown=1:1 /x /y",
        "RUN sort <x >y",
        'CMD ["--link"]',
    ],
)
def test_what_does_not(line: str) -> None:
    assert not needs_buildkit(f"FROM x\n{line}\n")


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def status(*messages: bytes) -> str:
    return base64.b64encode(b"".join(messages)).decode()


def test_a_step_is_told_once_when_it_begins_and_its_output_as_it_comes() -> None:
    trace, known = Trace(), field(1, b"sha256:a") + field(3, b"[1/2] RUN make")
    begun = known + field(5, field(1, 7))

    assert list(trace.lines(status(field(1, known)))) == []
    assert list(trace.lines(status(field(1, begun)))) == ["[1/2] RUN make"]
    written = field(3, field(1, b"sha256:a") + field(3, 1) + field(4, b"one\ntwo\n"))
    assert list(trace.lines(status(field(1, begun), written))) == ["one", "two"]
    cached = field(1, b"sha256:b") + field(3, b"[2/2] COPY . .") + field(4, 1)
    assert list(trace.lines(status(field(1, cached)))) == ["[2/2] COPY . . (cached)"]


@given(st.binary(max_size=60))
def test_what_is_no_status_is_a_value_error(found: bytes) -> None:
    try:
        list(Trace().lines(base64.b64encode(found).decode()))
    except ValueError:
        return
