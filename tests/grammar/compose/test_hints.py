"""Did you mean: a nearly correct name gives a hint that points at it."""

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Memory
from tests.grammar.making import FILE, HERE

STACK = """\
services:
  web:
    image: x
{0}
  database:
    image: y
    profiles: [backup]
  cache:
    image: z
networks: {{frontend: {{}}}}
volumes: {{storage: {{}}}}
secrets: {{password: {{file: p}}}}
configs: {{settings: {{file: c}}}}
models: {{embedder: {{model: m}}}}
"""


def hints(keys: str, **request: object) -> list[tuple[int | None, str]]:
    """Line and hint of each finding for a service with some more keys."""
    block = "\n".join(f"    {line}" for line in keys.splitlines())
    files = {
        FILE: STACK.format(block),
        "o.yaml": "services:\n  worker: {image: w}\n",
        ".env": "DB_PASSWORD=a\nLOG_LEVEL=b\n",
    }
    try:
        found = load(
            Request(files=(FILE,), **request),  # type: ignore[arg-type]
            files=Memory(files, cwd=HERE),
            environment={},
        ).diagnostics
    except SourceError as error:
        found = error.diagnostics
    return [(one.span.line if one.span else None, one.hint) for one in found]


@pytest.mark.parametrize(
    ("keys", "line", "hint"),
    [
        ("enviroment: {}", 4, "'environment'"),
        ("Image: x", 4, "'image'"),
        ("build: {contxt: .}", 4, "'context'"),
        ("deploy:\n  resource: {}", 5, "'resources'"),
        ("deploy:\n  resources:\n    limits: {memry: 1g}", 6, "'memory'"),
        ("healthcheck: {intervall: 1s}", 4, "'interval'"),
        ("ports: [{target: 80, publish: 80}]", 4, "'published'"),
        ("volumes: [{type: volme, target: /t}]", 4, "'volume'"),
        ("depends_on: {cache: {condition: service_helthy}}", 4, "'service_healthy'"),
        ("depends_on: [cahce]", 4, "'cache'"),
        ("depends_on: [databse]", 4, "'database'"),
        ("links: [cachee]", 4, "'cache'"),
        ("volumes_from: [chache]", 4, "'cache'"),
        ("network_mode: service:cach", 4, "'cache'"),
        ("extends: cace", 4, "'cache'"),
        ("extends: {file: o.yaml, service: wroker}", 4, "'worker'"),
        ("build:\n  additional_contexts: {c: 'service:cachs'}", 5, "'cache'"),
        ("networks: [fronted]", 4, "'frontend'"),
        ("volumes: ['storge:/t']", 4, "'storage'"),
        ("secrets: [pasword]", 4, "'password'"),
        ("build: {context: ., secrets: [passwort]}", 4, "'password'"),
        ("configs: [setings]", 4, "'settings'"),
        ("models: [embeder]", 4, "'embedder'"),
        ("command: ${DB_PASWORD}", 4, "$DB_PASSWORD"),
        ("command: ${LOG_LEVL:?set it}", 4, "$LOG_LEVEL"),
    ],
)
def test_a_name_that_is_nearly_right(keys: str, line: int, hint: str) -> None:
    assert (line, f"did you mean {hint}?") in hints(keys)


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        ({"profiles": ("bakcup",)}, "'backup'"),
        ({"services": ("cahe",)}, "'cache'"),
        ({"services": ("databas",)}, "'database'"),
    ],
)
def test_a_name_of_the_command_line(request_: dict[str, tuple[str, ...]], hint: str) -> None:
    assert (None, f"did you mean {hint}?") in hints("", **request_)


def test_a_key_at_the_top_and_one_of_an_include() -> None:
    files = Memory({FILE: "servces: {}\ninclude: [{pth: a}]\n"}, cwd=HERE)
    with pytest.raises(SourceError) as caught:
        load(Request(files=(FILE,)), files=files, environment={})

    told = [one.hint for one in caught.value.diagnostics]
    assert {"did you mean 'services'?", "did you mean 'path'?"} <= set(told)


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("networks: [zzz]", "define it under the top-level networks:"),
        ("zzz: 1", "custom keys must start with x-"),
        ("command: $ZZZ", "set it in the environment or in .env, or write a default: ${ZZZ:-value}"),
    ],
)
def test_what_is_like_nothing_gets_another_remedy(keys: str, hint: str) -> None:
    assert (4, hint) in hints(keys)
