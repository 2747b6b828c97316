"""More realistic stacks on a node: folders with many kinds of files, chains of tasks, odd values."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.converted import bring_up, kube
from tests.cluster.kube import Kube
from tests.cluster.promises import Promises, door, fetch
from tests.cluster.test_stacks import STACKS, started

sees = partial(Promises.sees, within=20)


def test_a_blog_runs_and_keeps_its_data(node: Kube) -> None:
    started(node, "blog")
    stack = Promises(node)
    stack.soon("the page", lambda: fetch(door(node, "proxy", 80)) == "blog of se cret#x\n", 90)
    sees(stack, "proxy", "cat /var/www/html/content/uploads/picture; touch /var/www/html/x || echo no", "picture\nno\n")
    sees(stack, "program", "stat -c %u index.html; cat content/plugins/mine/plugin.txt", "33\na plugin\n")
    stack.now("nobody failed", lambda: not any(map(node.restarts, ("db", "program", "proxy"))))

    again = kube(node, STACKS / "blog", "plan")
    stack.now(f"a second apply changes nothing: {again.stdout}", lambda: again.stdout == "" and not again.returncode)
    node.delete_pods("program")
    sees(stack, "program", "cat content/uploads/picture", "picture\n")
    stack.kept()


def test_what_is_mounted_in_a_folder_that_is_only_read(node: Kube) -> None:
    started(node, "within")
    stack = Promises(node)
    sees(stack, "file", "cat /conf/*; touch /conf/x 2>&1 | grep -c Read-only", "other\none more\n1\n")
    sees(stack, "config", "cat /conf/*", "from the config\none more\n")
    sees(
        stack,
        "volume",
        "cat /html/index.html /html/assets/*; touch /html/uploads/x; ls /html/uploads",
        "hello\nother\nx\n",
    )
    sees(stack, "script", "cd /docker-entrypoint-initdb.d && cat default.conf last.conf", "the default\nother\n")
    stack.soon(
        "the image's page, for who only reads", lambda: "Welcome" in node.shell("site", "wget -qO- localhost").out
    )
    stack.now("nobody failed", lambda: not any(map(node.restarts, ("file", "config", "volume", "script"))))
    stack.kept()


def test_tasks_run_in_a_chain(node: Kube) -> None:
    started(node, "chain")
    stack = Promises(node)
    stack.soon("the last one", lambda: node.logs("last") == "ok\n1\n2\n3\n3\n", 90)
    stack.soon("all replicas", lambda: len(node.ready("web")) == 3)
    stack.now("nobody failed", lambda: not node.restarts("last") and not node.restarts("web"))
    stack.kept()


def test_who_starts_after_a_service_behind_another_one(node: Kube) -> None:
    started(node, "behind")
    stack = Promises(node)
    stack.soon("the order", lambda: node.logs("client") == "in order\n")
    stack.answers("client", "http://tunnel:8080", "behind")
    stack.soon("the published port", lambda: fetch(door(node, "tunnel", 8080)) == "behind\n")
    stack.kept()


def test_odd_values_files_and_commands(node: Kube) -> None:
    started(node, "values")
    stack = Promises(node)
    shown = '[$HOME $(id) $(X)]["q"][007][over][program][postgres://u:p@db/x?y=1&z=2][$literal][]'
    sees(stack, "program", 'printf "[%s]" "$X" "$Q" "$NUMBER" "$pass" "$user" "$url" "$c" "$EMPTY"', shown)
    sees(stack, "program", "cat /etc/program/inline.conf", "user $remote_addr;\n  indented\n\ttab\n\nno newline")
    sees(
        stack,
        "program",
        "od -An -tx1 /binary.dat; stat -Lc %a /entry.sh; pwd",
        " 00 01 62 69 6e ff\n555\n/srv/program\n",
    )
    sees(stack, "program", "stat -c '%a %g' /run/secrets/token.txt; cat /run/secrets/token.txt", '440 1000\ntok$en"x')
    sees(stack, "program", "stat -c '%a %u' /run /tmp; touch /x 2>&1 | grep -c Read-only", "755 1000\n1777 0\n1\n")
    stack.soon("the script", lambda: "started sleep 100000" in node.logs("program"))
    stack.soon("the task's words", lambda: node.logs("task") == "3 --flag two words $HOME\n")
    stack.soon("no entrypoint", lambda: "without an entrypoint" in node.logs("server"))
    stack.soon("the image's command", lambda: "Welcome" in node.shell("usual", "wget -qO- localhost").out)
    stack.kept()


@pytest.mark.parametrize("storage", ["standard", "block"])
def test_a_folder_arrives_as_it_is(node: Kube, storage: str, tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    shutil.copytree(STACKS / "tree", folder)
    data, pages = folder / "data", folder / "pages"
    (data / "real").mkdir(mode=0o700)
    (data / "empty" / "inner").mkdir(parents=True)
    for name, text in (("real/r", "r"), (".dot", "."), ("..odd", "o"), ("zero", ""), ('it\'s "ünïcode" \\b', "u")):
        (data / name).write_text(text)
    (data / "deep" / "er" / "one.txt").chmod(0o600)
    (data / "blob").write_bytes(bytes(range(256)))
    for at, link, target in (
        (data, "file", "deep/er/one.txt"),
        (data, "folder", "real"),
        (data, "nowhere", "missing"),
        (data, "hosts", "/etc/hosts"),
        (pages, "hosts", "/etc/hosts"),
        (pages, "index.html", "page.html"),
    ):
        (at / link).symlink_to(target)
    bring_up(node, folder, storage=storage)

    stack = Promises(node)
    names = 'bin blob deep empty file folder hosts it\'s "ünïcode" \\b nowhere real zero .dot ..odd'
    sees(stack, "owner", "cd /data && printf '%s ' * .[!.]* ..[!.]* | sed 's/ $//'", names)
    sees(stack, "owner", "cd /data && cat file folder/r .dot ..odd zero it*; readlink nowhere", "one\nr.oumissing\n")
    sees(stack, "owner", "cd /data && stat -c %a real deep/er/one.txt bin/run.sh; bin/run.sh", "700\n600\n755\nran\n")
    sees(stack, "owner", "md5sum < /data/blob; ls /data/empty", "e2c865db4162bed963bfaa9ef6ac18f0  -\ninner\n")
    sees(stack, "owner", "grep -c localhost /data/hosts >/dev/null && echo its own", "its own\n")
    sees(stack, "guest", "cat /one.txt; /opt/bin/run.sh; touch /data/x 2>&1 | grep -c Read-only", "one\nran\n1\n")
    sees(stack, "guest", "echo two > /one.txt; cat /data/file", "two\n")
    sees(stack, "owner", "cat /data/deep/er/one.txt", "two\n")
    sees(
        stack,
        "reader",
        "cd /pages && cat index.html && readlink hosts && ./start.sh && /start.sh",
        "page\n/etc/hosts\nran\nran\n",
    )
    node.delete_pods("owner")
    sees(stack, "owner", "cat /data/file; readlink /data/hosts", "two\n/etc/hosts\n")
    stack.kept()
