"""Hypothesis strategies for input to the loader: files, from nearly valid to nonsense.

They give documents of `tests/strategies.py` with parts replaced by wrong ones, files of the fixtures with changed bytes
and tokens, and the attacks in all sizes.
"""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests import strategies
from tests.fuzz.attacks import ATTACKS, Files

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "compose"
LARGEST = 1_000_000

_WORDS = (
    *("x", "", "web", "1", "-1", "0", "1.5", "1e999", "0x7f", "2026-01-01", "true", "null", "~", "a=b", "a:b:c:d", "="),
    *(
        "${A}",
        "${A:-${B:?x}}",
        "$",
        "${",
        "$$",
        "80-90:80",
        "1-65535",
        ":",
        "..",
        "/",
        "~/x",
        "\0",
        "é\u2028",
        "1w2d3h",
    ),
    *("9" * 400, "1." + "9" * 150 + "s", "service:web", "http://x", "[::1]:80:80", "C:\\x:/y", "'", '"a', "\\", "`$("),
)
_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**25, float("inf"), float("nan"), [], {}, [None], [[]], {"": None}, {"x": {"x": []}}),
    *(["a", "a"], [1, "1", 1.0, True], {"a": 1, "b": [2]}, [{"a": 1}, "b", None], *_WORDS),
)
_TOKENS = (
    *(
        b"\n",
        b" ",
        b"  ",
        b": ",
        b"- ",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"&a ",
        b"*a",
        b"<<: *a",
        b"<<: [*a, *a]",
        b"---\n",
    ),
    *(b"!reset ", b"!override ", b"!!binary ", b"!!int ", b"!!float ", b"? ", b"|\n", b">-\n", b"'", b'"', b"#", b"%"),
    *(b"${A:-", b"$$", b"\t", b"\r", b"\xff", b"\0", b"\xef\xbb\xbf", b"\xc2\x85", b"\\u0000", b"x-a: ", b"extends: "),
    *(
        b"include: [compose.yaml]\n",
        b"extends: web",
        b"depends_on: [web]",
        b"services:",
        b"null",
        b"0o7",
        b".nan",
        b"1_0",
    ),
)

junk = st.sampled_from(_VALUES)


@st.composite
def altered(draw: st.DrawFn, documents: SearchStrategy[Any]) -> Any:
    """A document in which a few parts are something else."""
    document = draw(documents)
    for _ in range(draw(st.integers(0, 4))):
        holder, part = document, None
        while isinstance(holder, dict | list) and holder:
            parts = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            part = draw(st.sampled_from(parts))
            below = holder[part]
            if not isinstance(below, dict | list) or not below or draw(st.integers(0, 3)) == 0:
                break
            holder = below
        if part is None:
            return draw(junk)
        what = draw(st.integers(0, 3))
        if what == 0 and isinstance(holder, dict):
            holder[draw(st.sampled_from(_WORDS))] = draw(junk)
        elif what == 1:
            del holder[part]
        else:
            # Copied as text: no part is in two places.
            holder[part] = draw(junk)
        document = yaml.safe_load(yaml.safe_dump(document, allow_unicode=True))
    return document


def dumped(documents: list[Any]) -> bytes:
    """Documents as one file."""
    return yaml.safe_dump_all(documents, allow_unicode=True, default_flow_style=None).encode("utf-8", "replace")


@st.composite
def structures(draw: st.DrawFn) -> Files:
    """Whole stacks of altered documents: several in a file, extended and included ones."""
    first = altered(strategies.documents())
    more = st.lists(altered(strategies.overrides()), max_size=2)
    files = {"compose.yaml": dumped([draw(first), *draw(more)]), "one.env": draw(env_files())}
    if draw(st.booleans()):
        files["o.yaml"] = dumped([draw(altered(strategies.documents()))])
        way = draw(
            st.sampled_from(("include: [o.yaml]\n", "services: {api: {extends: {file: o.yaml, service: web}}}\n"))
        )
        files["compose.yaml"] += b"---\n" + way.encode()
    if draw(st.booleans()):
        files[".env"] = draw(env_files())
    return files


def env_files() -> SearchStrategy[bytes]:
    """Env files of likely pieces."""
    pieces = (
        *"AB=:'\"\\$ {}#\n\r\t-.",
        "export ",
        "A=1\n",
        "B=$A\n",
        "${A:-",
        "\x85",
        "\0",
        "ä",
        "\\0",
        "7",
        '="',
        "\ufeff",
    )
    return st.lists(st.sampled_from(pieces), max_size=30).map(lambda parts: "".join(parts).encode())


@st.composite
def bytes_of_fixtures(draw: st.DrawFn) -> Files:
    """A fixture with some of its bytes replaced, removed, doubled."""
    folder = draw(st.sampled_from(sorted(FIXTURES.iterdir())))
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    files.pop("case.txt", None)
    if not files:
        return {"compose.yaml": draw(st.binary(max_size=200))}
    name = draw(st.sampled_from(sorted(files)))
    content = files[name]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.integers(0, 8)))
        piece = draw(st.sampled_from(_TOKENS) | st.binary(max_size=4) | st.just(content[at : at + 40]))
        content = content[:at] + piece * draw(st.sampled_from((1, 1, 1, 2, 50))) + content[end:]
    return {**files, name: content}


def attacks(largest: int) -> SearchStrategy[Files]:
    """One of the attacks, of any size."""
    sizes = st.integers(1, 100).map(lambda percent: max(60, largest * percent // 100))
    return st.builds(lambda name, size: ATTACKS[name](size), st.sampled_from(sorted(ATTACKS)), sizes)


def stacks(largest: int = LARGEST) -> SearchStrategy[Files]:
    """Anything of the above; attacks are slow, so they are few."""
    return st.integers(0, 39).flatmap(
        lambda kind: attacks(largest) if kind == 39 else bytes_of_fixtures() if kind % 2 else structures()
    )
