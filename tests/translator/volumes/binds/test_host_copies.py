"""What is copied into claims at the apply, by which rule, and what the pods do meanwhile."""

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator import Options, Translation
from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.volumes.filling.copies import Rule
from stackferry.translator.volumes.filling.scripts import AWAIT_COPY
from tests.translator.making import HERE, codes, ids, note, pod, service, translated

LARGE = "x" * 2_000_000


def bind(source: str, target: str, **keys: object) -> Mount:
    return Mount(type="bind", source=f"{HERE}/{source}", target=target, **keys)


def copied(*services: object, files: dict[str, str]) -> Translation:
    return translated(*services, files=files, options=Options(copies=True))  # type: ignore[arg-type]


def test_a_claim_is_copied_into_and_pods_wait_for_it() -> None:
    found = copied(service(user="1000:50", volumes=(bind("my code", "/app"),)), files={"my code/a": "1"})

    (copy,) = found.copies
    assert (copy.claim, copy.source, copy.shown, copy.is_folder) == (
        "host-my-code",
        f"{HERE}/my code",
        "./my code",
        True,
    )
    assert copy.owner == Identity(1000, 50, "user")
    assert not [each for each in found.objects if each.name.startswith("seed-")], "nothing travels with the manifests"
    (waits,) = pod(found)["initContainers"]
    assert waits["command"][2:] == [AWAIT_COPY, "await-host-my-code", "host-my-code"]
    assert waits["securityContext"]["runAsNonRoot"] is True
    assert sorted(codes(found)) == ["copied", "fs-group"]
    assert note(found, "copied").message.startswith("./my code is copied into the claim host-my-code: each up copies")


def test_nobody_has_to_do_by_hand_what_is_copied() -> None:
    files = {"big/x": LARGE, "large.db": LARGE, "many/two\nlines": "x"}
    mounts = (bind("big", "/big", read_only=True), bind("large.db", "/large.db"), bind("many", "/many"))
    found = copied(service(volumes=mounts), files=files)

    assert set(codes(found)) == {"copied"}
    assert [(each.claim, each.name) for each in found.copies] == [
        ("host-big", ""),
        ("host-large-db", "large.db"),
        ("host-many", ""),
    ]
    assert {each["command"][2] for each in pod(found)["initContainers"]} == {AWAIT_COPY}


def test_without_somebody_who_copies_all_is_as_ever() -> None:
    found = translated(service(volumes=(bind("code", "/app"),)), files={"code/a": "1"})

    assert found.copies == ()
    assert [each for each in ids(found.objects) if "seed-" in each]


@pytest.mark.parametrize(
    ("services", "rule"),
    [
        ((service(volumes=(bind("x", "/x", read_only=True),)),), Rule.MIRROR),
        ((service(volumes=(bind("x", "/docker-entrypoint-initdb.d"),)),), Rule.MIRROR),
        ((service(volumes=(bind("x", "/x"),)),), Rule.MERGE),
        ((service(volumes=(bind("x", "/x", read_only=True),)), service("b", volumes=(bind("x", "/x"),))), Rule.MERGE),
        ((service(volumes=(bind("x", "/x"),)), service("b", volumes=(bind("x/sub", "/s", read_only=True),))), "MERGE"),
        ((service(image="mysql:8", volumes=(bind("x", "/var/lib/mysql"),)),), Rule.ONCE),
        ((service(image="mysql:8", volumes=(bind("x", "/etc/mysql/conf.d"),)),), Rule.MERGE),
        ((service(image="mysql:8", volumes=(bind("x", "/var/lib/mysql", read_only=True),)),), Rule.MIRROR),
        ((service(volumes=(bind("x", "/x"),)), service("b", volumes=(bind("x/sub", "/var/lib/mysql"),))), Rule.ONCE),
    ],
)
def test_the_rule_follows_from_who_mounts_it(services: tuple[object, ...], rule: Rule | str) -> None:
    (copy,) = copied(*services, files={"x/large": LARGE, "x/sub/small": "y"}).copies

    assert copy.rule is (Rule[rule] if isinstance(rule, str) else rule)


def test_the_data_of_a_server_is_known_by_its_files() -> None:
    (copy,) = copied(service(image="acme/x", volumes=(bind("x", "/x"),)), files={"x/PG_VERSION": "17"}).copies

    assert copy.rule is Rule.ONCE


def test_what_is_left_out_of_manifests_is_left_out_of_copies() -> None:
    files = {"x/.git/config": "1", "x/.dockerignore": "node_modules\n*.log\n", "x/a.log": "1", "x/b": LARGE}
    (copy,) = copied(service(volumes=(bind("x", "/x"),)), files=files).copies

    assert [copy.skip(path) for path in (".git", "node_modules", "a.log", "b")] == [True, True, True, False]
    assert str(copy).startswith("./x is copied into the claim host-x without what .dockerignore names: ")


def test_an_empty_folder_and_somebody_elses_are_not_copied() -> None:
    mounts = (bind("absent", "/a"), Mount(type="bind", source="/root/.ssh", target="/keys"))

    assert copied(service(volumes=mounts), files={"/root/.ssh/id_rsa": "x"}).copies == ()
