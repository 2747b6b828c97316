"""The transformer of Compose Bridge: how it converts docker compose's model. tests/release uses the real one."""

import json
from pathlib import Path

import pytest

from stackferry.bridge import standalone, transform

# As `docker compose bridge convert` of 5.6.0 mounts it, shortened.
MODEL = """\
configs:
    price:
        content: 5$ and ${NAME}
        name: shop_price
    read:
        content: |
            a
             b
        file: /home/me/shop/read.txt
        name: shop_read
name: shop
networks:
    default:
        name: shop_default
secrets:
    binary:
        content: !!binary /wA=
        file: /home/me/shop/key
        name: shop_binary
    elsewhere:
        external: true
        name: elsewhere
    empty:
        file: /home/me/shop/empty
        name: shop_empty
        x-note:
            content: kept
    variable:
        content: "s3cret"
        environment: TOKEN
        name: shop_variable
services:
    web:
        command:
            - echo
            - $HOME $$ x
        env_file:
            - path: /home/me/shop/web.env
        environment:
            DAY: "2020-01-01"
            "KEY$": "on"
            NOTHING: null
            OCTAL: "0o7"
        image: nginx
        label_file:
            - /home/me/shop/labels
        networks:
            default: null
        configs:
            - source: price
            - source: read
        secrets:
            - source: binary
            - source: elsewhere
            - source: empty
            - source: variable
              target: /run/secrets/variable
        stop_grace_period: 1m0s
        volumes:
            - bind: {}
              source: /home/me/shop/html
              target: /html
              type: bind
            - source: data
              target: /data
              type: volume
              volume: {}
volumes:
    data:
        name: shop_data
"""


def test_the_compose_file_says_by_itself_what_the_model_says(here: Path, stackferry) -> None:
    text, files, mounted = standalone(MODEL)
    Path("compose.yaml").write_text(text)
    for path, content in files.items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_bytes(content)
    code, out, err = stackferry("config", "--format", "json")
    project = json.loads(out)
    web = project["services"]["web"]

    assert (code, err) == (0, "")
    # `config` writes what it can read again: each $ twice.
    assert web["command"] == ["echo", "$$HOME $$$$ x"]
    assert web["environment"] == {"DAY": "2020-01-01", "KEY$$": "on", "NOTHING": None, "OCTAL": "0o7"}
    assert not {"env_file", "label_file"} & web.keys()
    assert project["secrets"]["elsewhere"] == {"name": "elsewhere", "external": True}
    assert "content: kept" in text
    assert mounted == ("/home/me/shop/html",)
    assert {
        name: Path(one["file"]).read_bytes()
        for section in ("configs", "secrets")
        for name, one in project[section].items()
        if "file" in one
    } == {"price": b"5$ and ${NAME}", "read": b"a\n b\n", "binary": b"\xff\0", "empty": b"", "variable": b"s3cret"}


def test_a_model_without_secrets_and_configs_has_no_files() -> None:
    assert standalone("services:\n    web:\n        image: nginx\n").files == {}


def test_what_an_alias_names_is_escaped_once() -> None:
    text = standalone("x-a: &a\n- $x\nx-b: *a\nservices: {}\n").text

    assert text.count("$$x") == 1
    assert "$$$" not in text


def test_the_manifests_are_written_where_they_are_wanted(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.yaml").write_text(MODEL)

    assert transform(str(here / "model.yaml"), str(here / "out")) == 0
    assert "web-deployment.yaml" in {path.name for path in (here / "out").iterdir()}
    assert str(Path.cwd()) == str(here)
    told = capfd.readouterr().err
    assert "stackferry-bridge-" not in told
    # The cluster gets an empty claim in its place, and nobody should find out by an empty page.
    assert "warning[bind-mounts]: a transformer cannot read bind mounts" in told
    assert "/home/me/shop/html" in told


def test_a_mistake_is_told_by_the_name_that_a_user_knows(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.yaml").write_text("services:\n    web:\n        image: nginx\n        x: 1\n")

    assert transform(str(here / "model.yaml"), str(here / "out")) == 1
    assert capfd.readouterr().err.startswith("compose.yaml:4:5: error[unknown-key]")


def test_without_a_model_it_says_what_it_is_for(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert transform(str(here / "none.yaml"), str(here / "out")) == 2
    assert "docker compose bridge convert -t IMAGE" in capfd.readouterr().err
