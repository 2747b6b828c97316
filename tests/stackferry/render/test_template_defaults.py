"""Fields that JSON omits, in templates of `inspect`."""

import pytest


@pytest.mark.parametrize(
    ("name", "form", "shown"),
    [
        ("shop_agent", "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{else}}none{{end}}", "none"),
        ("shop_agent", "{{.Spec.TaskTemplate.ContainerSpec.Env}}", "[]"),
        ("shop_web", "{{if .Spec.Mode.Global}}global{{else}}{{.Spec.Mode.Replicated.Replicas}}{{end}}", "3"),
        ("shop_agent", "{{if .Spec.Mode.Replicated}}replicated{{else}}other{{end}}", "other"),
        ("shop_agent", "{{with .PreviousSpec}}{{.Name}}{{end}}.", "."),
        ("shop_agent", "{{len .Spec.TaskTemplate.Placement.Constraints}}", "0"),
        ("shop_web", "{{json .Spec.Mode}}", '{"Replicated":{"Replicas":3}}'),
        ("shop_web", "{{range $name, $_ := .Spec.Mode}}{{$name}} {{end}}", "Replicated "),
    ],
)
def test_services(running, stackferry, name, form, shown):
    done = stackferry("service", "inspect", "-f", form, name)
    assert (done.code, done.out) == (0, f"{shown}\n"), done.err


def test_nodes(running, stackferry):
    form = "{{.Description.Hostname}} {{if .ManagerStatus}}{{.ManagerStatus.Leader}}{{else}}worker{{end}}"
    assert stackferry("node", "inspect", "-f", form, "node-1", "node-2").out == "node-1 true\nnode-2 worker\n"


@pytest.mark.parametrize("form", ["{{.Updates}}", "{{.Spec.Env}}", "{{.UpdateStatus.State}}", "{{.Spec.Labels.Env}}"])
def test_what_no_object_has_is_an_error(running, stackferry, form):
    assert stackferry("service", "inspect", "-f", form, "shop_agent").code == 1
