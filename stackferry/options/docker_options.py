"""Docker's options for the commands that docker and we share, and the commands that only docker has.

`handed_on.py` uses this table to find the first word of a line that is not an option. Tests compare it with the help
of the docker program. Only plain values: every command imports this module when it starts.
"""

from collections.abc import Mapping
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALONE = _words(
    "builder buildx checkpoint container context diff history image import info load login logout manifest network"
    " plugin rename rmi save search system tag trust volume"
)
"""Docker's commands whose names neither we nor docker compose use."""

SHARED = ("build", "pull", "push", "run")
"""Commands that docker has for images, and we for services."""


class Options(NamedTuple):
    """The options of one command: those that take a value, and switches."""

    valued: frozenset[str]
    switches: frozenset[str]


def _options(valued: str, switches: str) -> Options:
    return Options(_words(valued), _words(switches))


OPTIONS: Mapping[str, Options] = {
    # The options before the command.
    "": _options(
        "--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey",
        "-D --debug --help --tls --tlsverify -v --version",
    ),
    # The options of buildx, and of docker's earlier builder.
    "build": _options(
        "--add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call"
        " --cgroup-parent --cpu-period --cpu-quota -c --cpu-shares --cpuset-cpus --cpuset-mems -f --file --iidfile"
        " --isolation --label -m --memory --memory-swap --metadata-file --network --no-cache-filter -o --output"
        " --platform --policy --progress --provenance --resource --sbom --secret --security-opt --shm-size --ssh"
        " -t --tag --target --ulimit",
        "--check --compress -D --debug --disable-content-trust --force-rm -h --help --load --no-cache --pull --push"
        " -q --quiet --rm --squash --stream",
    ),
    "pull": _options("--platform", "-a --all-tags --disable-content-trust -h --help -q --quiet"),
    "push": _options("--platform", "-a --all-tags --disable-content-trust -h --help -q --quiet"),
    "run": _options(
        "--add-host --annotation -a --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent"
        " --cgroupns --cidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime -c"
        " --cpu-shares --cpus --cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule"
        " --device-read-bps --device-read-iops --device-write-bps --device-write-iops --dns --dns-opt --dns-option"
        " --dns-search --domainname --entrypoint -e --env --env-file --expose --gpus --group-add --health-cmd"
        " --health-interval --health-retries --health-start-interval --health-start-period --health-timeout -h"
        " --hostname --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation --kernel-memory -l --label"
        " --label-file --link --link-local-ip --log-driver --log-opt --mac-address -m --memory --memory-reservation"
        " --memory-swap --memory-swappiness --mount --name --net --net-alias --network --network-alias"
        " --oom-score-adj --pid --pids-limit --platform -p --publish --pull --restart --runtime --security-opt"
        " --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit --umask"
        " -u --user --userns --uts -v --volume --volume-driver --volumes-from -w --workdir",
        "-d --detach --disable-content-trust --help --init -i --interactive --no-healthcheck --oom-kill-disable"
        " --privileged -P --publish-all -q --quiet --read-only --rm --sig-proxy -t --tty --use-api-socket",
    ),
}
