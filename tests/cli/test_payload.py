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


def test_the_file_is_the_users_alone(stackferry, here, clock):
    from emulator.objects import objects

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
