"""The list of all bind mounts with the replacement of each."""

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator.volumes.binds.host_paths import Place
from tests.translator.making import HERE, service, translated


def bind(source: str, target: str, **keys: object) -> Mount:
    return Mount(type="bind", source=source if source.startswith("/") else f"{HERE}/{source}", target=target, **keys)


def test_every_mount_of_a_path_is_listed_in_order() -> None:
    named = Volume(driver_opts={"type": "none", "o": "bind", "device": f"{HERE}/named"})
    found = translated(
        service(volumes=(bind("conf", "/conf/", read_only=True), bind("/var/run/docker.sock", "/var/run/docker.sock"))),
        service("api", volumes=(bind("work", "/w"), bind("work/sub", "/s", read_only=True))),
        service("db", volumes=(Mount(type="volume", source="data", target="/data"),)),
        files={"conf/a": "1", "work/b": "2", "work/sub/c": "3", "named/d": "4"},
        volumes={"data": named},
    )

    assert [(one.service, one.shown, one.target, one.decision.place, one.claim) for one in found.bind_mounts] == [
        ("web", "./conf", "/conf", Place.CONFIG, None),
        ("web", "/var/run/docker.sock", "/var/run/docker.sock", Place.SOCKET, None),
        ("api", "./work", "/w", Place.CLAIM, "host-work"),
        ("api", "./work/sub", "/s", Place.CLAIM, "host-work"),
        ("db", "./named", "/data", Place.CLAIM, "host-named"),
    ]
    assert found.bind_mounts[3].root == f"{HERE}/work"
