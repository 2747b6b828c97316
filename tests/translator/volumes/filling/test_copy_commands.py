"""The commands that fill a claim: a shell splits them as intended."""

import json
import shlex

from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.options import HELPER_IMAGE, Options
from stackferry.translator.volumes.filling.copy_commands import copy_file, copy_folder

_MAKE = "cd /claim && mkdir -p data && chmod $$(stat -c %a .) data"


def script(words: list[str]) -> str:
    (overrides,) = [word.removeprefix("--overrides=") for word in words if word.startswith("--overrides=")]
    spec = json.loads(overrides)["spec"]
    assert spec["volumes"] == [{"name": "claim", "persistentVolumeClaim": {"claimName": "host-my-data"}}]
    text: str = spec["containers"][0]["command"][2]
    return text


def test_folder_goes_through_a_pod_of_its_own() -> None:
    """The service's own pod may be crashing for want of the folder."""
    options = Options(namespace="demo")
    words = shlex.split(copy_folder("./my data", "host-my-data", "deploy/web", Identity(1000, 50, "user"), options))

    assert words[:14] == [
        *("tar", "-C", "./my data", "-cf", "-", ".", "|", "kubectl", "run", "-n", "demo", "fill", "-i", "--rm")
    ]
    assert f"--image={HELPER_IMAGE}" in words
    assert words[-7:] == ["&&", "kubectl", "rollout", "restart", "-n", "demo", "deploy/web"]
    assert script(words) == f"{_MAKE} && tar -C data -xf - && chown -R 1000:50 data"


def test_file_is_there_as_a_whole_or_not_at_all() -> None:
    words = shlex.split(copy_file("./my app.db", "my app.db", "host-my-data", "job/web", None, Options()))

    assert words[-2:] == ["<", "./my app.db"]
    assert script(words) == f"{_MAKE} && cat > new && rm -rf 'data/my app.db' && mv new 'data/my app.db'"
