"""Which files are Dockerfiles, and which files belong to them."""

from pathlib import Path

from tests.conformance.lint.dockerfile import corpus, fixtures


def test_dockerfiles_of_a_tree_with_their_ignore_files(tmp_path: Path) -> None:
    names = ("a/Dockerfile", "a/.dockerignore", "a/web.Dockerfile", "a/web.Dockerfile.dockerignore", "b.dockerfile")
    for name in (*names, "a/compose.yaml", "Dockerfile.dockerignore", "Dockerfile.dev"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    found = {file.name: file for file in fixtures(tmp_path)}

    assert sorted(found) == ["Dockerfile.dev", "a/Dockerfile", "a/web.Dockerfile", "b.dockerfile"]
    assert found["a/Dockerfile"].context == {".dockerignore": "a/.dockerignore"}
    assert found["a/web.Dockerfile"].context.keys() == {".dockerignore", "web.Dockerfile.dockerignore"}
    assert [file.name for file in corpus(tmp_path)] == ["a"]


def test_there_need_be_no_corpus(tmp_path: Path) -> None:
    assert list(corpus(tmp_path / "none")) == []
