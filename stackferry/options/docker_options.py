"""Docker's options of the lines that may be docker's or ours, and the words that are docker's alone.

`handed_on.py` finds by this table which word of a line is the first that is no option. It is tested against the help of
the docker program. Only plain values: every command looks in here when it starts.
"""

from collections.abc import Mapping
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALONE = _words(
    "builder buildx checkpoint container context diff history image import info load login logout manifest network"
    " plugin rename rmi save search system tag trust volume"
)
"""Docker's commands of which neither we nor docker compose have one of that name."""

SHARED = ("build", "pull", "push", "run")
"""Commands that docker has for images and we have for services."""


class Options(NamedTuple):
    """The options of one command: those that take a value, and switches."""

    valued: frozenset[str]
    switches: frozenset[str]


def _options(valued: str, switches: str) -> Options:
    return Options(_words(valued), _words(switches))


OPTIONS: Mapping[str, Options] = {
    # What stands before the command.
    "": _options(
        "--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey",
        "-D --debug --help --tls --tlsverify -v --version",
    ),
    # Those of buildx, and of the builder that docker had before.
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
