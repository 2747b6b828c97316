"""The commands that wrapper commands run."""

import pytest

from stackferry.grammar.shell import parse
from stackferry.grammar.shell.wrappers import base_name, chain, unwrapped

CASES = {
    "apt-get update": "apt-get update",
    "sudo apt-get update": "apt-get update",
    "sudo -u root -EH -- apt-get update": "apt-get update",
    "sudo A=b apt-get": "A=b apt-get",
    "sudo --user=root -g wheel apt-get": "apt-get",
    "sudo -l": "sudo -l",
    "sudo": "sudo",
    "/usr/bin/sudo apt-get": "apt-get",
    'env -i A=b "C=$d" apt-get -y': "A=b C=$d apt-get -y",
    "env -u A - apt-get": "apt-get",
    "env A=$B apt-get": "A=$B apt-get",
    "env A= apt-get": "A= apt-get",
    "env": "env",
    "env -S 'a b'": "env -S 'a b'",
    "X=1 env Y=2 apt-get": "X=1 Y=2 apt-get",
    "exec -a name gosu postgres tini -- server -x": "server -x",
    "command -p ls": "ls",
    "command -v ls": "command -v ls",
    "builtin cd /": "cd /",
    "time -p ls": "ls",
    "time A=b ls": "A=b ls",
    "nice -n 5 ls": "ls",
    "nice -5 ls": "ls",
    "nohup ls": "ls",
    "ionice -c2 -n 7 ls": "ls",
    "ionice -c 3 -p 1": "ionice -c 3 -p 1",
    "timeout 5 ls": "ls",
    "timeout -k 5 --signal=KILL 1m ls": "ls",
    "timeout 5": "timeout 5",
    "xargs -r -n 1 -I{} ls {}": "ls {}",
    "xargs": "xargs",
    "doas -u root ls": "ls",
    "eatmydata apt-get -y install a": "apt-get -y install a",
    "chroot --userspec=a:b /mnt ls": "ls",
    "chroot /mnt": "chroot /mnt",
    "busybox wget x": "wget x",
    "busybox --install": "busybox --install",
    "stdbuf -oL ls": "ls",
    "su-exec root ls": "ls",
    "runuser -u postgres -- ls": "ls",
    "runuser postgres": "runuser postgres",
    "flock /lock ls": "ls",
    "sudo env A=b nice -n 5 timeout 5 ls": "A=b ls",
    "sudo $FLAGS ls": "$FLAGS ls",
    "sudo > log 2>&1 ls": "ls",
    "$sudo ls": "$sudo ls",
}


@pytest.mark.parametrize("text", CASES)
def test_unwrapped(text):
    command = parse(text).commands[0]
    inner = unwrapped(command)
    assignments = [f"{assignment.name}={assignment.value.text}" for assignment in inner.assignments]

    assert " ".join([*assignments, *(word.text for word in inner.words)]) == CASES[text]
    assert text[inner.words[-1].start : inner.words[-1].end] == inner.words[-1].text
    assert (inner.pipeline, inner.place, inner.end) == (command.pipeline, command.place, command.end)


def test_chain():
    assert [base_name(command) for command in chain(parse("sudo /bin/nice ls").commands[0])] == ["sudo", "nice", "ls"]


def test_values_of_assignments_have_their_place():
    text = "env A=b$C ls"
    value = unwrapped(parse(text).commands[0]).assignments[0].value

    assert (value.text, text[value.start : value.end], value.literal) == ("b$C", "b$C", None)
    assert [text[part.start : part.end] for part in value.parts] == ["b", "$C"]


def test_wrappers_without_end():
    assert unwrapped(parse("sudo " * 1000).commands[0]).name == "sudo"
