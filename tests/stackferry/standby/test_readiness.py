import os
import subprocess
import sys

from stackferry.standby import readiness
from stackferry.standby.message import AT_ONCE
from stackferry.standby.readiness import stamps, unchanged
from stackferry.verb_table import named
from tests.stackferry.standby.place import ROOT

NOTHING_MORE = """
import sys
from stackferry.standby.readiness import prepare
prepare()
from stackferry.grammar.lazy_dataclass import _Described, _Method
left = [
    f"{module.__name__}.{name}.{key}"
    for module in list(sys.modules.values()) if module.__name__.startswith("stackferry")
    for name, value in vars(module).items() if isinstance(value, type)
    for key, method in vars(value).items() if isinstance(method, _Method | _Described)
]
before = set(sys.modules)
from stackferry.cli import main
for line in (["ps"], ["ls"], ["services"], ["node", "ls"], ["stack", "ls"], ["service", "ls"], ["up", "-d"]):
    try:
        main(line, standby=True)
    except BaseException as error:
        print(type(error).__name__)
print(sorted(name for name in set(sys.modules) - before if name.startswith("stackferry")), left)
"""


def test_commands_load_nothing_of_ours_that_is_not_there(tmp_path):
    """`up -d` comes as far as an engine that does not answer."""
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx, ports: ['8080:80']}}\n")
    there = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", NOTHING_MORE],
        cwd=tmp_path,
        env={**there, "DOCKER_HOST": f"unix://{tmp_path}/none"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[] []", done.stdout + done.stderr


def test_what_is_answered_at_once_are_commands():
    for words in AT_ONCE:
        found = named(list(words))

        assert found is not None
        assert found.words == words


def test_another_program_is_seen_by_its_files(tmp_path):
    known = stamps()

    assert unchanged(known)
    assert readiness.__file__ in known
    assert not unchanged({**known, str(tmp_path / "gone.py"): 1})
