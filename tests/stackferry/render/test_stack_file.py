"""`stack config` writes what `docker stack deploy -c -` reads."""

import pytest
import yaml

SERVICE = "services: {{web: {{image: nginx, {}}}, db: {{image: db}}}}\n{}"


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("depends_on: {db: {condition: service_started}}", {"depends_on": ["db"]}),
        ("extra_hosts: ['a:10.0.0.1', 'b:::1']", {"extra_hosts": ["a:10.0.0.1", "b:::1"]}),
        (
            "ports: ['8000-8001:80']",
            {
                "ports": [
                    {"mode": "ingress", "target": 80, "published": 8000, "protocol": "tcp"},
                    {"mode": "ingress", "target": 80, "published": 8001, "protocol": "tcp"},
                ]
            },
        ),
        ("ports: ['80']", {"ports": [{"mode": "ingress", "target": 80, "protocol": "tcp"}]}),
        ("volumes: [data:/d]", {"volumes": [{"type": "volume", "source": "data", "target": "/d"}]}),
        ("volumes: [/tmp:/t]", {"volumes": [{"type": "bind", "source": "/tmp", "target": "/t"}]}),
        ("secrets: [key]", {"secrets": [{"source": "key"}]}),
        (
            "configs: [{source: conf, target: /x, mode: 0440}]",
            {"configs": [{"source": "conf", "target": "/x", "mode": 0o440}]},
        ),
        ("deploy: {resources: {limits: {cpus: 0.5}}}", {"deploy": {"resources": {"limits": {"cpus": "0.5"}}}}),
        ("networks: [back]", {"networks": {"back": None}}),
    ],
)
def test_keys_of_services(here, stackferry, line, written):
    top = "volumes: {data: {}}\nsecrets: {key: {file: ./k}}\nconfigs: {conf: {file: ./c}}\nnetworks: {back: {}}\n"
    (here / "compose.yaml").write_text(SERVICE.format(line, top))

    done = stackferry("stack", "config")

    assert done.code == 0, done.err
    service = yaml.safe_load(done.out)["services"]["web"]
    assert service.pop("image") == "nginx"
    assert service == written


def test_names_are_those_that_docker_gives(here, stackferry):
    top = "name: other\nnetworks: {back: {}, out: {name: out, external: true}, mine: {name: mine, driver: overlay}}\n"
    (here / "compose.yaml").write_text(SERVICE.format("networks: [back, out, mine]", top))

    found = yaml.safe_load(stackferry("stack", "config").out)

    assert list(found) == ["version", "services", "networks"]
    assert found["networks"] == {
        "back": {},
        "out": {"name": "out", "external": True},
        "mine": {"name": "mine", "driver": "overlay"},
    }


def test_what_is_written_can_be_deployed(here, stackferry, monkeypatch):
    """And is written the same again."""
    text = SERVICE.format("ports: ['${PORT}:80'], depends_on: [db]", "")
    (here / "compose.yaml").write_text(text)
    monkeypatch.setenv("PORT", "8000-8003")
    (here / "written.yaml").write_text(stackferry("stack", "config").out)

    again = stackferry("stack", "config", "-c", "written.yaml")

    assert again.out == (here / "written.yaml").read_text()


def test_what_is_left_as_written(here, stackferry):
    text = SERVICE.format("ports: ['${PORT}:80'], extra_hosts: {a: 10.0.0.1}, depends_on: [db]", "")
    (here / "compose.yaml").write_text(text)

    web = yaml.safe_load(stackferry("stack", "config", "--skip-interpolation").out)["services"]["web"]

    assert (web["ports"], next(iter(web["extra_hosts"]))[:1]) == (["${PORT}:80"], "a")
