"""Containers of tasks in compose's words."""

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.render.container_rows import container_row


@pytest.mark.parametrize(
    ("words", "whole", "cut"),
    [
        ((), "", ""),
        (("sh",), '"sh"', '"sh"'),
        (("sh", "-c", 'echo "é"'), '"sh -c \'echo \\"é\\"\'"', '"sh -c \'echo \\"é\\"\'"'),
        (("sh", "-c", "exit 0", "", "a"), "\"sh -c 'exit 0'  a\"", "\"sh -c 'exit 0'  a\""),
        (("a b", "c"), '"a b c"', '"a b c"'),
        (("sh", "-c", "a\t\nsleep 9"), "\"sh -c 'a\\t\\nsleep 9'\"", "\"sh -c 'a\\t\\nsleep 9'\""),
        (("sleep", "12345678901234"), '"sleep 12345678901234"', '"sleep 12345678901234"'),
        (("sleep", "123456789012345"), '"sleep 123456789012345"', '"sleep 1234567890123…"'),
        # Letters of East Asia are two wide, and a half of one is not shown.
        (("/bin/sh", "-c", "trap", "中文中文中文"), '"/bin/sh -c trap 中文中文中文"', '"/bin/sh -c trap 中…"'),
    ],
)
def test_a_command_is_quoted_and_cut_as_docker_does(words: tuple[str, ...], whole: str, cut: str) -> None:
    task = Task("t", "s", 1, TaskTemplate(ContainerSpec("x", command=words[:1], args=words[1:])))

    assert container_row(Cluster(), "shop", task, 0.0, trunc=False)["Command"] == whole
    assert container_row(Cluster(), "shop", task, 0.0)["Command"] == cut
