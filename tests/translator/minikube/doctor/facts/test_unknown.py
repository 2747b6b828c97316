"""Facts that are not available."""

import pytest

from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown, known


def test_a_fact_is_itself() -> None:
    assert known(3) == 3
    assert known(None) is None


def test_one_that_could_not_be_had_says_why() -> None:
    with pytest.raises(NotTriedError, match="there is no ip here"):
        known(Unknown("there is no ip here"))
