"""Names derived from content."""

from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from stackferry.translator.options import Options
from stackferry.translator.order.finished import Finished
from stackferry.translator.stack import stack_of
from tests.translator.making import HERE, project, service


def test_only_jobs_are_named_after_their_content() -> None:
    made = project(service("a" * 60), service("b"))
    stack = stack_of(made, Host(Memory({}, HERE)), Options(), plan_names(made, Notes()))
    finished = Finished()

    spec = {"template": {"text": "no UTF-8: \udc80"}}
    job = finished.name(stack.groups["a" * 60], "Job", spec, stack)
    assert len(job) == 63
    assert finished.name(stack.groups["b"], "Deployment", spec, stack) == "b"
    assert finished.jobs == {"a" * 60: job}
    assert finished.digest(["b"]) == finished.digest(["a" * 60])
