"""Facts of any text: no traceback, no slow input, every place inside the text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.facts.packages import package_calls
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
from tests.grammar.dockerfile.making import DOCKERFILES, read
from tests.grammar.dockerfile.test_parse import texts

FRAGMENTS = [
    "FROM a AS b\n",
    "FROM b\n",
    "ARG X=1\n",
    "ENV Y=$X Z=${X:-2}\n",
    'SHELL ["bash", "-c"]\n',
    "USER $X\n",
    "WORKDIR $Y\n",
    'RUN P=1; apt-get -y install $P "$Q" `x`\n',
    "RUN sh -c 'yum install a'\n",
    "RUN bash <<E\nsudo -u x pip install $(y)\nE\n",
    'RUN ["sh", "-c", "apk add z"]\n',
    "RUN --mount=type=cache,target=$X y\n",
    "ONBUILD RUN <<E\nnpm i\nE\n",
    "HEALTHCHECK CMD curl x | y\n",
    "CMD exec z\n",
    "RUN env A=b timeout 5 xargs -n 1 gem install q\n",
    "RUN \\\n",
    "'",
    '"',
]


def ask_everything(found: Build) -> None:
    size = len(found.source.text)
    for step in found.steps():
        assert [name for name in step.variables if name not in step.variables] == []
        assert all(isinstance(mount.type, str) for mount in step.mounts)
        list(package_calls(step))
        for script in step.scripts:
            for invocation in script.commands:
                start, end = invocation.range
                assert 0 <= start <= end <= size
                for argument in (*invocation.all, *invocation.unwrapped.all):
                    assert 0 <= argument.start <= argument.end <= size
                assert isinstance(invocation.piped, bool)


@given(st.lists(st.sampled_from(FRAGMENTS) | texts, max_size=10).map("".join))
def test_any_text(text: str) -> None:
    ask_everything(build(parse(Source(text))))


@pytest.mark.corpus
def test_damaged_files() -> None:
    chance = random.Random(7)
    for path in DOCKERFILES:
        text = read(path).text
        for _ in range(3):
            start = chance.randrange(len(text))
            end = min(len(text), start + chance.choice([1, 3, 40]))
            damaged = text[:start] + chance.choice(["", text[start:end] * 2, "\\\n", "'", "<<E "]) + text[end:]
            ask_everything(build(parse(Source(damaged))))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "FROM a\n" + "ENV A=$A$A\n" * 30_000,
        "FROM a\nRUN " + "a=1; " * 60_000,
        "FROM a\nRUN " + "sh -c 'sh -c ' " * 20_000,
        "FROM a\nRUN " + "$(" * 100_000,
        "FROM a\n" + "RUN apt-get install x && \\\n" * 20_000,
        "FROM a AS b\nFROM b\n" * 20_000,
        "FROM a\nENV " + "A=b " * 100_000,
    ],
    ids=["env", "assignments", "inner", "substitutions", "continued", "stages", "pairs"],
)
def test_large_files_take_no_long_time(text: str) -> None:
    began = time.process_time()

    ask_everything(build(parse(Source(text))))

    assert time.process_time() - began < 10.0, "a megabyte is allowed two seconds on a quiet machine"
