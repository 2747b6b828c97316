"""Hints for services that do not run, by the words of real engines."""

import pytest

from stackferry.up.advice import advice


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("shop_web.1 ends again and again: No such image: app:1", "check the name; a private registry"),
        ("web.1 ends again and again: port '8080' is already in use on this host", "show who has the port"),
        ("Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use", "publish another"),
        ("Bind for 0.0.0.0:80 failed: port is already allocated", "publish another"),
        ("bind source path does not exist: /srv/a", "make /srv/a, or say bind: {create_host_path: true}"),
        ("network shop_back is there already, and was not made by stackferry", "say `external: true` to use it"),
        (
            "/dev/shm/stackferry-1 is a folder of eve (uid 2), not a folder of yours: no secret may lie there",
            "remove it",
        ),
        ('exec: "run": executable file not found in $PATH: unknown', "in the image?"),
        ("shop_web.1 has ended and is not restarted: task: non-zero exit (3)", "`stackferry -p shop logs web` shows"),
        ("no suitable node (insufficient resources on 1 node)", ""),
    ],
)
def test_what_to_do(reason: str, says: str) -> None:
    found = advice(reason, "shop", "shop_web")

    assert says in found
    assert bool(says) == bool(found)
