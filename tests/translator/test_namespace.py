"""The namespace that the caller requests."""

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator import Options
from tests.translator.making import ids, service, translated


@pytest.mark.parametrize("name", ["default", "kube-system", None])
def test_what_every_cluster_has_is_not_made(name: str | None) -> None:
    assert "Namespace" not in str(ids(translated(service(), options=Options(namespace=name)).objects))


@pytest.mark.parametrize("name", ["My_Space", "", "a.b", "x" * 64])
def test_illegal_name(name: str) -> None:
    with pytest.raises(StackferryError, match="namespace"):
        translated(service(), options=Options(namespace=name))
