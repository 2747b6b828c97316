from datetime import UTC, datetime

from stackferry.translator.minikube.freshness import stale

BOOT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def pod(name, *states, **metadata):
    return {
        "metadata": {"namespace": "shop", "name": name, **metadata},
        "status": {"containerStatuses": [{"state": one} for one in states]},
    }


def running(text):
    return {"running": {"startedAt": text}}


def test_a_container_from_before_the_boot_makes_a_pod_stale():
    old, new = running("2026-11-30T07:59:59Z"), running("2026-11-30T08:00:01Z")

    assert stale([pod("a", old), pod("b", new), pod("c", new, old)], BOOT) == ("shop/a", "shop/c")


def test_one_that_ended_with_the_machine_is_still_to_be_started_again():
    ended = {"terminated": {"exitCode": 255, "startedAt": "2026-11-30T07:00:00Z", "finishedAt": "2026-11-30T08:00:30Z"}}
    done = pod("job", ended)
    done["status"]["phase"] = "Succeeded"

    assert stale([pod("a", ended), done], BOOT) == ("shop/a",)


def test_what_does_not_run_or_is_on_its_way_out_is_not_waited_for():
    old = running("2026-11-30T07:59:59Z")
    waiting = {"waiting": {"reason": "ContainerCreating"}}

    assert stale([pod("a", waiting), pod("b", old, deletionTimestamp="2026-11-30T08:00:00Z")], BOOT) == ()
    assert stale([{"metadata": {"namespace": "shop", "name": "new"}}], BOOT) == ()
