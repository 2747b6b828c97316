"""Output of commands on a running stack, in docker's format: one file per command under fixtures/cli."""

import pytest

from tests.conftest import ROOT

CLI = ROOT / "fixtures" / "cli"

CASES = {
    "ps": [
        ["ps"],
        ["ps", "--no-trunc"],
        ["ps", "--no-resolve", "web"],
        ["ps", "-q", "-f", "desired-state=running"],
        ["ps", "-aq", "web"],
        ["ps", "--filter", "name=shop_web.1", "--format", "json"],
        ["ps", "-a", "--filter", "name=shop_web.1", "--format", "json"],
        ["ps", "--services"],
        ["ps", "--status", "exited", "--services"],
        ["ps", "--status", "exited"],
        ["ps", "-f", "status=gone"],
        ["ps", "--format", "{{.Name}} {{.CurrentState}}"],
        ["ps", "--format", "table {{.Name}}\\t{{upper .Node}}"],
        ["ps", "--format", "table {{.Service}}\\t{{.Names}}\\t{{.Status}}", "web"],
        ["ps", "--format", "{{.State}} {{.ExitCode}} {{.Name}}", "--no-resolve", "job"],
        ["-p", "other", "ps"],
        ["ps", "wep"],
        ["ps", "--filter", "colour=red"],
        ["ps", "--format", "{{.Nam}}"],
    ],
    "stack": [
        ["stack", "ls"],
        ["stack", "ls", "--format", "json"],
        ["stack", "ps", "shop", "-f", "node=node-1", "-f", "service=shop_web"],
        ["stack", "ps", "shob"],
        ["stack", "services", "shop"],
        ["stack", "services", "shob"],
    ],
    "service": [
        ["service", "ls"],
        ["service", "ls", "-f", "mode=global", "-q"],
        ["service", "ls", "--format", "{{json .}}"],
        ["service", "ps", "shop_web", "job"],
        ["service", "ps", "shop_web", "shop_wep", "nosuch"],
        ["service", "inspect", "shop_web"],
        ["service", "inspect", "--pretty", "web"],
        ["service", "inspect", "--pretty", "job"],
        ["service", "inspect", "-f", "{{.Spec.Mode.Replicated.Replicas}}", "sweb", "nosuch"],
    ],
    "services": [["services"], ["services", "--filter", "label=com.docker.stack.namespace=shop", "--format", "json"]],
    "ls": [["ls"], ["ls", "--format", "json"], ["ls", "-q"]],
    "node": [
        ["node", "ls"],
        ["node", "ls", "-q", "-f", "role=worker"],
        ["node", "ls", "--format", "json", "-f", "name=node-1"],
        ["node", "ls", "--format", "{{.Hostname}} {{.Self}} {{.Status}}"],
        ["node", "ps"],
        ["node", "ps", "node-2"],
        ["node", "inspect", "self"],
        ["node", "inspect", "--pretty", "node-1", "node-2"],
        ["node", "inspect", "node-3"],
    ],
    "inspect": [
        ["inspect", "-f", "{{.Name}} {{.Status.State}}", "web.1", "web.2"],
        ["inspect", "web.1"],
        ["inspect", "-f", "{{.Description.Hostname}}", "node-2"],
        ["inspect", "nosuch"],
        ["inspect", "web.7"],
    ],
    "events": [
        ["events", "--no-follow"],
        ["events", "--no-follow", "--since", "55s"],
        ["events", "--no-follow", "job"],
        ["events", "--no-follow", "--json"],
    ],
}


@pytest.mark.parametrize("command", CASES)
def test_golden(command, running, stackferry, golden, tmp_path):
    parts = []
    for arguments in CASES[command]:
        done = stackferry(*arguments)
        shown = " ".join(f"'{one}'" if " " in one else one for one in arguments)
        errors = "".join(f"! {line}\n" for line in done.err.splitlines())
        parts.append(f"$ stackferry {shown}\n{done.out}{errors}" + (f"[{done.code}]\n" if done.code else ""))
    text = "\n".join(parts).replace(str(tmp_path), "/tmp")
    path = CLI / f"{command}.txt"

    golden(path, text)
