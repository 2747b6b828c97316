"""How content comes into a claim: commands that a shell takes apart as they are meant."""

import json
import shlex

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator.volumes.copy_commands import copy_file, copy_folder


def test_folder_goes_through_the_running_pod() -> None:
    mount = Mount(type="bind", source="/home/me/shop/my data", target="/var/lib/x")

    assert copy_folder("./my data", mount, "host-my-data", "deploy/web", "demo") == (
        "to copy its content: tar -C './my data' -cf - . | "
        "kubectl exec -i -n demo deploy/web -- tar -C /var/lib/x -xf -"
    )


def test_file_goes_through_a_pod_of_its_own_that_replaces_the_folder_in_its_place() -> None:
    """A `subPath` that is not there is made as a folder, which the service's pod cannot replace by a file."""
    mount = Mount(type="bind", source="/home/me/shop/my app.db", target="/srv/app.db")
    words = shlex.split(copy_file("./my app.db", mount, "host-my-app-db", "deploy/web", None))

    assert words[-7:] == ["<", "./my app.db", "&&", "kubectl", "rollout", "restart", "deploy/web"]
    (overrides,) = [word.removeprefix("--overrides=") for word in words if word.startswith("--overrides=")]
    spec = json.loads(overrides)["spec"]
    assert spec["volumes"] == [{"name": "claim", "persistentVolumeClaim": {"claimName": "host-my-app-db"}}]
    assert spec["containers"][0]["command"] == [*("sh", "-c", "rm -rf '/claim/my app.db' && cat > '/claim/my app.db'")]
