"""The state of paths in a claim: queried by a script in two shells, for any names."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from stackferry.translator.cluster.copying.entries import FILE, link
from stackferry.translator.cluster.copying.states import looked, states
from tests.translator.cluster.copying.claims import SHELLS

ODD = ["a b", "q'q\"", "new\nline", "-dash", "end\n", "back\\slash", "$(id)", "*", "%s"]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: str(shell[0]))
def test_it_is_said_what_is_at_each_path(shell: list[str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "folder").mkdir(parents=True)
    for name in ODD:
        (data / name).write_text(name)
    (data / "link").symlink_to("some\nwhere ")
    (data / "bad").symlink_to("folder")
    many = [f"file {number}" for number in range(250)]
    for name in many:
        (data / name).write_text(name)
    paths = [*ODD, "link", "bad", "folder", "absent", "absent/too", *many]

    said = subprocess.run(shell, input=looked(paths), cwd=tmp_path, capture_output=True, check=True)
    found = states(paths, said.stdout.decode())

    for name in (*ODD, *many):
        assert found[name] == (FILE, hashlib.sha256(name.encode()).hexdigest())
    assert found["link"] == ("link", link("link", "some\nwhere ").digest)
    assert found["bad"] == ("link", link("bad", "folder").digest)
    assert (found["folder"], found["absent"], found["absent/too"]) == (("folder", ""), None, None)


def test_an_answer_that_is_missing_is_not_taken_for_another() -> None:
    for said in ("none\n", "f\nf\nabc\n", "f\nnone\n"):
        with pytest.raises(ValueError, match="shorter"):
            states(["a", "b"], said)
