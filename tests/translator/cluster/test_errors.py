"""Messages for what a cluster refuses."""

import pytest

from stackferry.translator.cluster.errors import ClusterError, ConflictError, refusal


@pytest.mark.parametrize(
    ("status", "reason", "message", "hint"),
    [
        (403, "Forbidden", "cannot list", "ask the cluster's administrator"),
        (401, "Unauthorized", "", "log in to the cluster again"),
        (422, "Invalid", "spec.selector: field is immutable", "delete it"),
        (422, "Invalid", "spec.ports: Required value", ""),
        (500, "", "", ""),
    ],
)
def test_hints(status: int, reason: str, message: str, hint: str) -> None:
    error = refusal("apply Deployment/web", status, {"reason": reason, "message": message})

    assert (error.status, error.reason) == (status, reason)
    assert str(error).startswith("apply Deployment/web: ")
    assert hint in error.hint
    assert bool(hint) == bool(error.hint)


def test_a_conflict_is_told_from_an_object_that_exists() -> None:
    assert isinstance(refusal("x", 409, {"reason": "Conflict", "message": "fields of kubectl"}), ConflictError)
    assert not isinstance(refusal("x", 409, {"reason": "AlreadyExists"}), ConflictError)


def test_an_answer_without_words_has_its_status() -> None:
    assert str(refusal("x", 502, {})) == "x: HTTP status 502"
    assert isinstance(refusal("x", 502, {}), ClusterError)
