"""Where docker compose 2.40.3 differs from 5.7: without Go, only the older one is available as a peer.

`docs/config-differences.md` has the same inputs in the same order.
`applies` sees a difference of the older one from us.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.conformance.compare import VERDICT, Difference


@dataclass(frozen=True, slots=True)
class Older:
    """An input, as the page has it, and what the older one makes of it: `says` is a sentence of the page.

    `files` lie beside it.
    """

    text: str
    says: str
    applies: Callable[[Difference], bool]
    files: Mapping[str, str]


def _older(text: str, says: str, applies: Callable[[Difference], bool], **files: str) -> Older:
    return Older(text, says, applies, {f"{name}.yaml": content for name, content in files.items()})


def _refused(*words: str) -> Callable[[Difference], bool]:
    """The older one refuses, with one of these words, what we take."""
    return lambda one: one.kind == "refused/accepted" and any(word in one.peer for word in words)


def _accepted(*words: str) -> Callable[[Difference], bool]:
    """We refuse, with one of these words, what the older one takes."""
    return lambda one: one.kind == "accepted/refused" and any(word in one.ours for word in words)


def _at(*endings: str) -> Callable[[Difference], bool]:
    return lambda one: one.path != VERDICT and one.path.endswith(endings)


OLDER: tuple[Older, ...] = (
    _older(
        "{services: {a: {image: x}}, jobs: {j: {image: x, triggers: {manual: true}}}}",
        "refused, like all newer keys: `jobs`, `pre_start`, `umask`, `use_service_name_alias`, `no_cache_filter`",
        _refused("additional properties"),
    ),
    _older(
        "{services: {a: {image: x, pull_policy: not_always}}}",
        "accepted: the text only had to contain a valid word",
        _accepted("pull_policy"),
    ),
    _older(
        "{networks: {n: {ipam: {options: {o: '1'}}}}, services: {a: {image: x, networks: [n]}}}",
        "loses `ipam.options`",
        _at("ipam.options"),
    ),
    _older(
        "{services: {a: {image: x, volumes: [{type: bind, source: /s, target: /t, bind: {create_host_path: false}}]}}}",
        "prints `true` and omits `false`; now `false` is printed, and no value means `true`",
        _at("bind.create_host_path"),
    ),
    _older(
        "{services: {a: {image: x, label_file: [], pull_refresh_after: 1h}}}",
        "omits `label_file` and `pull_refresh_after` from the output",
        _at("label_file", "pull_refresh_after"),
    ),
    _older(
        "{include: [b.yaml], services: {a: {user: root}}}",
        "refused: an included service cannot be overridden",
        _refused("conflicts with imported resource"),
        b="{services: {a: {image: x}}}",
    ),
    _older(
        "{include: [b.yaml], services: {a: {extends: b}}}",
        "refused: an included service cannot be extended",
        _refused("not found"),
        b="{services: {b: {image: x}}}",
    ),
    _older(
        "{services: {a: {image: '${HOME:-${NO:?no}}'}}}",
        "refused: a default is evaluated even if it is not used",
        _refused("required variable"),
    ),
    _older(
        "{services: {a: {image: x, depends_on: {b: {condition: service_started, required: '${NO:-true}'}}},"
        " b: {image: x}}}",
        "refused: a variable cannot stand for this boolean",
        _refused("must be a boolean"),
    ),
    _older(
        "{services: {a: {image: x, environment: {E: .inf}}}}",
        "accepted: infinity and not-a-number, as `+Inf` and `NaN`",
        _accepted("JSON"),
    ),
    _older(
        "{services: {a: {image: x, environment: {D: 2001-01-01}}}}",
        "refused: a date; now printed as Go prints it, `2001-01-01 00:00:00 +0000 UTC`",
        _refused("time.Time"),
    ),
    _older(
        "{services: {a: {image: x, environment: {N: -0}}}}",
        "prints `0`; now `-0`",
        lambda one: one.kind == "value" and (one.peer, one.ours) == ('"0"', '"-0"'),
    ),
    _older(
        "{services: {a: {image: x, memswap_limit: '-1'}}}",
        "refused: a negative size in quotes",
        _refused("invalid size"),
    ),
    _older(
        "{services: {a: {image: x, x-develop: {watch: [{path: /a, action: rebuild}]}}}}",
        "an extension; now `x-develop` means `develop`, and `x-initialSync` means `initial_sync`",
        _at("develop", "develop.watch[]", "develop.watch[].initial_sync"),
    ),
    _older(
        "{services: {a: {image: x, security_opt: [a]}}}\n---\n{services: {a: {security_opt: [b, a]}}}",
        "repeats an item that the list already has; refused where items must be unique",
        lambda one: one.kind == "length" or _refused("are equal")(one),
    ),
    _older(
        "{services: {a: {image: x}}, secrets: {s: {file: /s, labels: {a: '1'}}}}\n---\n"
        "{services: {a: {secrets: [s]}}, secrets: {s: {labels: [a=2]}}}",
        "refused: a mapping and a list of labels do not merge, for secrets and configs",
        _refused("cannot override"),
    ),
    _older(
        "{services: {a: {build: {context: ., additional_contexts: {c: 'service:b'}}}, b: {build: ., profiles: [off]}}}",
        "refused: an additional context that is a service of an inactive profile",
        _refused("as additional contexts"),
    ),
    _older(
        "{services: {a: {image: x, ports: ['80:80']}}}\n---\n{x-o: &o {ports: !reset []}, services: {a: {<<: *o}}}",
        "ignores `!reset` below a merge key",
        _at(".ports"),
    ),
    _older(
        "{services: {a: {image: x}}, x-a: {b: []}}",
        "prints an empty list below an `x-` key as `null` in JSON",
        lambda one: one.path.startswith("x-") and one.kind == "type",
    ),
)
