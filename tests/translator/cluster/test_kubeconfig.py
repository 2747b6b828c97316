"""Which contexts a kubeconfig has."""

from pathlib import Path

import pytest

from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.kubeconfig import contexts

ONE = "contexts:\n- name: one\n  context: {cluster: c, namespace: mine}\n- {name: two, context: {cluster: c}}\n"


def written(folder: Path, text: str, name: str = "kubeconfig") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_each_with_its_namespace(tmp_path: Path) -> None:
    assert contexts(written(tmp_path, ONE)) == {"one": "mine", "two": "default"}


def test_none_need_be_the_current_one(tmp_path: Path) -> None:
    assert contexts(written(tmp_path, "contexts: []")) == {}
    assert contexts(written(tmp_path, "contexts:")) == {}


def test_of_several_files_the_first_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = ONE.replace("mine", "theirs").replace("two", "three")
    files = [written(tmp_path, ONE, "a"), str(tmp_path / "missing"), written(tmp_path, later, "b")]
    monkeypatch.setenv("KUBECONFIG", ":".join(files))

    assert contexts(None) == {"one": "mine", "two": "default", "three": "default"}


def test_without_a_word_it_is_the_one_of_kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".kube").mkdir()
    written(tmp_path / ".kube", ONE, "config")

    assert list(contexts(None)) == ["one", "two"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "clusters: 7", "contexts: 7", "contexts: [7]", "contexts: [{}]", "\x00"]
)
def test_what_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(ClusterError, match="cannot be read") as error:
        contexts(written(tmp_path, text))

    assert "--kubeconfig" in error.value.hint


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no kubeconfig found"):
        contexts(str(tmp_path / "missing"))
