import json

from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.minikube.cloud_events import Remark, Step, Verdict, event, events, verdict


def line(kind, **data):
    return json.dumps({"specversion": "1.0", "type": f"io.k8s.sigs.minikube.{kind}", "data": data})


def test_steps_remarks_and_verdicts():
    assert event(line("step", currentstep="9", totalsteps="19", message="Creating VM", name="Creating VM")) == Step(
        9, 19, "Creating VM"
    )
    assert event(line("info", message="KUBECONFIG=/k")) == Remark("KUBECONFIG=/k")
    assert event(line("warning", message="low disk")) == Remark("low disk", is_warning=True)
    failed = line("error", exitcode="57", name="DRV_AS_ROOT", message="no root", advice="sudo", issues="", url="")
    assert event(failed) == Verdict(57, "DRV_AS_ROOT", "no root", "sudo")


def test_an_error_without_an_exit_code_is_only_a_message():
    assert event(line("error", message="as root, use --force")) == Remark("as root, use --force", is_warning=True)


def test_plain_lines_in_between_are_kept():
    text = "\n".join(["E1130 status.go: no endpoint", "", line("step", message="Done"), "{not json", "[1]", '"x"'])

    assert [type(one) for one in events(text)] == [Remark, Step, Remark, Remark, Remark]


def test_the_last_verdict_counts():
    text = "\n".join([line("error", exitcode="80", name="A", message="a"), line("error", exitcode="38", name="B")])

    found = verdict(events(text))
    assert found is not None
    assert (found.code, found.name) == (38, "B")
    assert verdict(events("nothing")) is None


@given(st.one_of(st.text(), st.builds(json.dumps, st.recursive(st.none() | st.text() | st.integers(), st.lists))))
def test_any_line_is_read(text):
    event(text)
