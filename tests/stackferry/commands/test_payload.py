"""`stackferry secret …` and `stackferry config …` in docker's words, next to compose's `config`."""

import os

import pytest


def test_a_secret(stackferry, here, clock):
    (here / "key").write_bytes(b"s3cret")
    made = stackferry("secret", "create", "-l", "env=dev", "key", "key")

    assert (made.code, made.err, len(made.out)) == (0, "", 26)
    identity = made.out.strip()
    assert stackferry("secret", "ls").out.splitlines() == [
        "ID                          NAME      DRIVER    CREATED                  UPDATED",
        f"{identity}   key                 Less than a second ago   Less than a second ago",
    ]
    assert stackferry("secret", "ls", "-q", "-f", "label=env=dev").out == made.out
    assert stackferry("secret", "ls", "-q", "-f", "label=env=prod").out == ""
    shown = stackferry("secret", "inspect", "key").out
    assert identity in shown
    assert "Data" not in shown
    assert "s3cret" not in stackferry("secret", "inspect", "--pretty", identity[:6]).out
    assert stackferry("secret", "rm", "key", "kye") == (1, "key\n", "error: secret kye not found\n")


def test_pretty_is_dockers_line_by_line(stackferry, here, clock):
    (here / "app").write_bytes(b"a=1")
    stackferry("secret", "create", "-l", "team", "-l", "tier=b", "key", "app")
    stackferry("config", "create", "app", "app")

    secret = stackferry("secret", "inspect", "--pretty", "key").out.splitlines()
    config = stackferry("config", "inspect", "--pretty", "app").out.splitlines()
    assert secret[1:6] == ["Name:              key", "Labels:", " - team", " - tier=b", "Driver:            "]
    assert (secret[-1][:11], len(secret)) == ("Updated at:", 8)
    assert [line.partition(":")[0] for line in config] == ["ID", "Name", "Created at", "Updated at", "Data", "a=1"]


def test_the_file_is_the_users_alone(stackferry, here, clock):
    from stackferry.emulator.store.user_payloads import objects

    (here / "key").write_bytes(b"s3cret")
    stackferry("secret", "create", "key", "key")
    store = objects(os.environ)

    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.content("secret", "key") == b"s3cret"
    assert store.content("config", "key") is None


def test_a_config_shows_what_it_holds(stackferry, here, clock):
    (here / "app.conf").write_bytes(b"a = 1\n")
    assert stackferry("config", "create", "app", "app.conf").code == 0
    assert stackferry("configs", "ls", "--format", "{{.Name}}").out == "app\n"
    assert stackferry("config", "inspect", "-f", "{{.Spec.Data}}", "app").out == "YSA9IDEK\n"
    assert "Data:\na = 1\n" in stackferry("config", "inspect", "--pretty", "app").out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a/b", b"x", "invalid name, only 64"),
        ("empty", b"", "error reading from file: data is empty"),
        ("large", b"x" * (500 * 1024 + 1), "secret data must be at most 500 KiB"),
    ],
)
def test_what_is_refused(stackferry, here, name, content, says):
    (here / "file").write_bytes(content)
    done = stackferry("secret", "create", name, "file")

    assert done.code == 1
    assert says in done.err


def test_a_taken_name(stackferry, here):
    (here / "file").write_bytes(b"x")
    assert stackferry("secret", "create", "key", "file").code == 0
    done = stackferry("secret", "create", "key", "file")
    assert (done.code, done.err) == (
        1,
        "error: secret key already exists\n  hint: remove it first: stackferry secret rm key\n",
    )


def test_config_is_still_composes(stackferry, here):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}, ls: {image: busybox}}\n")

    assert "image: nginx" in stackferry("config").out
    assert "image: nginx" in stackferry("config", "web").out
    # A service has the name of docker's word: then it is meant.
    assert "image: busybox" in stackferry("config", "ls").out
    assert stackferry("config", "inspect", "x").err == "error: config x not found\n"


@pytest.fixture
def owner(running, clock):
    """The stack `shop` with a secret that shop_web uses and a config that nobody does, two hours and a minute old."""
    from stackferry.emulator.control.deployment import StackRecord
    from stackferry.emulator.desired.payloads import Payload, payload_key
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store
    from stackferry.emulator.store.user_payloads import owned

    key, app = Payload("secret", "key", "shop_key", "d1"), Payload("config", "app", "shop_app", "d2", {"a": "b"})
    first = owned("shop", (key,), (), clock - 7200)
    store = Store(home(os.environ, "shop").database)
    store.put_document("stack", StackRecord("shop", owned=owned("shop", (key, app), first, clock - 60)))
    store.put_payloads({payload_key("config", "shop_app", "d2"): b"a = 1\n"})
    store.close()


def test_those_of_stacks_are_listed_beside_those_of_all(stackferry, here, owner):
    (here / "file").write_bytes(b"x")
    stackferry("secret", "create", "mine", "file")

    lines = stackferry("secret", "ls").out.splitlines()
    assert [line.split()[1] for line in lines] == ["NAME", "mine", "shop_key"]
    assert lines[2].split(maxsplit=2)[2].split("  ")[0] == "2 hours ago"
    assert stackferry("config", "ls", "--format", "{{.Name}} {{.CreatedAt}} {{.Labels}}").out == (
        "shop_app About a minute ago a=b,com.docker.stack.namespace=shop\n"
    )
    own = stackferry("secret", "ls", "-q", "-f", "label=com.docker.stack.namespace=shop").out
    assert own.strip() == lines[2].split()[0]
    assert stackferry("secret", "ls", "-p", "other", "--format", "{{.Name}}").out == "mine\n"


def test_those_of_stacks_are_shown(stackferry, owner):
    assert stackferry("config", "inspect", "-f", "{{.Spec.Data}} {{.UpdatedAt}}", "shop_app").out == (
        "YSA9IDEK 2023-11-14T22:12:20Z\n"
    )
    shown = stackferry("secret", "inspect", "shop_key")
    assert (shown.code, "Data" in shown.out, "2023-11-14T20:13:20Z" in shown.out) == (0, False, True)
    assert stackferry("secret", "inspect", "shop_kez").err == (
        "error: secret shop_kez not found\n  hint: did you mean 'shop_key'?\n"
    )


def test_those_of_stacks_are_removed_when_no_service_uses_them(stackferry, owner):
    used = stackferry("secret", "rm", "shop_key")
    assert (used.code, used.out) == (1, "")
    assert "secret 'shop_key' is in use by the following service: shop_web" in used.err

    assert stackferry("config", "rm", "shop_app") == (0, "shop_app\n", "")
    assert stackferry("config", "ls", "-q").out == ""

    stackferry("service", "rm", "shop_web")
    assert stackferry("secret", "rm", "shop_key").code == 0
    assert stackferry("secret", "ls", "-q").out == ""


def test_they_go_with_their_stack(stackferry, owner):
    done = stackferry("stack", "rm", "-d", "shop")

    assert (done.out.splitlines(), done.err) == (
        [
            "Removing service shop_agent",
            "Removing service shop_job",
            "Removing service shop_web",
            "Removing secret shop_key",
            "Removing config shop_app",
        ],
        "",
    )
    assert stackferry("secret", "ls", "-q").out + stackferry("config", "ls", "-q").out == ""


def test_a_name_that_both_have_is_that_for_all(stackferry, here, owner):
    import os

    from stackferry.emulator.store.user_payloads import StoredObject, objects

    # It was there before the stack.
    objects(os.environ).create(StoredObject("config", "shop_app", "mine".ljust(25, "x")), b"mine")

    assert stackferry("config", "inspect", "-f", "{{.Spec.Data}}", "shop_app").out == "bWluZQ==\n"
    assert stackferry("config", "rm", "shop_app").code == 0
    assert stackferry("config", "inspect", "-f", "{{.Spec.Data}}", "shop_app").out == "YSA9IDEK\n"


def test_the_name_of_one_of_a_stack_is_taken(stackferry, here, owner):
    (here / "file").write_bytes(b"mine")
    done = stackferry("config", "create", "shop_app", "file")

    assert (done.code, done.out) == (1, "")
    assert "config shop_app already exists" in done.err


def test_those_of_stacks_can_be_given_to_services(stackferry, owner):
    done = stackferry("service", "update", "-d", "--config-add", "source=shop_app,target=/app.ini", "shop_web")

    assert done.code == 0, done.err
    shown = stackferry("service", "inspect", "-f", "{{json .Spec.TaskTemplate.ContainerSpec.Configs}}", "shop_web").out
    assert '"ConfigName":"shop_app"' in shown
    assert 'app.ini"' in shown


@pytest.mark.parametrize("kind", ["secret", "config"])
def test_one_label_of_a_row(here, stackferry, kind):
    """As docker, also in the heading of a table; it is no field of the JSON."""
    (here / "f").write_text("x")
    stackferry(kind, "create", "--label", "com.example.my-team=a", "key", "f")

    shown = stackferry(kind, "ls", "--format", '{{.Name}} {{.Label "com.example.my-team"}}|{{.Label "b"}}|')
    assert shown.out == "key a||\n", shown.err
    table = stackferry(kind, "ls", "--format", 'table {{.Name}}\\t{{.Label "com.example.my-team"}}').out
    assert table.splitlines() == ["NAME      my team", "key       a"]
    whole = stackferry(kind, "ls", "--format", "{{json .}}").out
    assert whole == stackferry(kind, "ls", "--format", "json").out
