"""Implied values are added: networks, names, dependencies, variables; explicit values stay."""

import textwrap
from collections.abc import Mapping

import pytest
from hypothesis import given

from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.phases.normalise import normalise, unite_scale
from stackferry.grammar.compose.phases.typed import typed
from stackferry.grammar.compose.tree.node import Node, lift, plain
from stackferry.grammar.diagnostics import Diagnostics, SourceError
from tests import strategies
from tests.grammar.making import FILE, codes, config, loaded, problems, tree, value

WHOLE = """\
x-top: 1
services:
  web:
    image: x
    build: {args: {A: , B: , C: c}}
    environment: [A, B, C=c]
    links: ["db:data"]
    pull_policy: if_not_present
    volumes: [{type: volume, source: data, target: /a/../b/}]
  db:
    image: y
    networks: [back]
networks:
  back: {driver: bridge}
  out: {external: true}
volumes:
  data:
configs:
  site: {file: ./site, name: given}
secrets:
  token: {external: "true"}
name: other
"""

NORMAL = """\
name: shop
x-top: 1
services:
  web:
    image: x
    build:
      args:
        A: one
        C: c
      context: .
      dockerfile: Dockerfile
    environment:
      - A=one
      - B
      - C=c
    links:
      - db:data
    pull_policy: missing
    volumes:
      - type: volume
        source: data
        target: /b
    depends_on:
      db:
        condition: service_started
        restart: true
        required: true
    networks:
      default: null
  db:
    image: 'y'
    networks:
      - back
networks:
  back:
    driver: bridge
    name: shop_back
  out:
    external: true
    name: out
  default:
    name: shop_default
volumes:
  data:
    name: shop_data
configs:
  site:
    file: ./site
    name: given
secrets:
  token:
    external: "true"
    name: token
"""


def normal(text: str, environment: Mapping[str, str] | None = None) -> Node:
    """Some YAML, normalised, as project `shop`."""
    return normalise(tree(text), "shop", environment or {}, Diagnostics())


def service(keys: str, environment: Mapping[str, str] | None = None) -> dict[str, object]:
    """One service after the phase, which is on no network so as to say nothing of it."""
    found = value(normal(f"services: {{web: {{network_mode: none, {keys}}}}}", environment))["services"]["web"]
    del found["network_mode"]
    return dict(found)


def test_a_whole_stack() -> None:
    assert render_yaml(value(normal(WHOLE, {"A": "one"}))) == NORMAL


@pytest.mark.parametrize(
    ("keys", "service", "networks"),
    [
        ("image: x", "networks: {default: null}", "default: {name: shop_default}"),
        ("networks: []", "networks: {default: null}", "default: {name: shop_default}"),
        ("networks: {}", "networks: {default: null}", "default: {name: shop_default}"),
        ("networks: null", "networks: {default: null}", "default: {name: shop_default}"),
        ("networks: {default: {priority: 1}}", "networks: {default: {priority: 1}}", "default: {name: shop_default}"),
        ("networks: [back]", "networks: [back]", None),
        ("networks: [defaults]", "networks: [defaults]", None),
        ("network_mode: host", "network_mode: host", None),
        ("network_mode: none, networks: {}", "networks: {}", None),
        ("provider: {type: a}", "provider: {type: a}", None),
    ],
)
def test_who_is_on_the_default_network(keys: str, service: str, networks: str | None) -> None:
    found = value(normal(f"services: {{web: {{{keys}}}}}"))

    assert found["services"]["web"] | value(tree(f"{{{service}}}")) == found["services"]["web"]
    assert found.get("networks") == (value(tree(f"{{{networks}}}")) if networks else None)


def test_a_default_network_that_was_described_keeps_its_description() -> None:
    found = value(normal("services: {web: {image: x}}\nnetworks: {default: {driver: d, name: mine}, back: }"))

    assert found["networks"] == {"default": {"driver": "d", "name": "mine"}, "back": {"name": "shop_back"}}


def test_a_default_network_that_nobody_is_on_is_only_named() -> None:
    found = value(normal("services: {web: {network_mode: none}}\nnetworks: {default: }"))

    assert found["networks"] == {"default": {"name": "shop_default"}}


STARTED = {"condition": "service_started", "required": True}
FOLLOWED = {**STARTED, "restart": True}
ALONE = {**STARTED, "restart": False}


@pytest.mark.parametrize(
    ("keys", "depends_on"),
    [
        ("links: [db]", {"db": FOLLOWED}),
        ("links: ['db:data', cache]", {"db": FOLLOWED, "cache": FOLLOWED}),
        ("ipc: service:db", {"db": FOLLOWED}),
        ("pid: service:db", {"db": FOLLOWED}),
        ("uts: service:db, cgroup: service:cache", {"db": FOLLOWED, "cache": FOLLOWED}),
        ("volumes_from: [db, 'cache:ro']", {"db": ALONE, "cache": ALONE}),
        ("volumes_from: ['container:db']", None),
        ("ipc: host, pid: null", None),
        ("links: []", None),
        ("links: [db], volumes_from: [db]", {"db": FOLLOWED}),
        ("links: [db], depends_on: {db: {condition: service_healthy}}", {"db": {"condition": "service_healthy"}}),
        (
            "links: [db], depends_on: {a: {condition: service_healthy}}",
            {"a": {"condition": "service_healthy"}, "db": FOLLOWED},
        ),
        ("ipc: 'service:'", {"": FOLLOWED}),
        ("depends_on: [a], links: [db]", ["a"]),
    ],
)
def test_dependencies_that_other_keys_bring(keys: str, depends_on: object) -> None:
    assert service(keys).get("depends_on") == depends_on


def test_a_shared_network_is_a_dependency() -> None:
    found = value(normal("services: {web: {network_mode: 'service:db'}}"))["services"]["web"]

    assert found == {"network_mode": "service:db", "depends_on": {"db": FOLLOWED}}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("environment: {A: , B: , C: '', D: 0}", {"environment": {"A": "one", "B": None, "C": "", "D": 0}}),
        ("environment: [A, B, C=, 'D=A', E=x=y]", {"environment": ["A=one", "B", "C=", "D=A", "E=x=y"]}),
        ("environment: [EMPTY, 1]", {"environment": ["EMPTY=", 1]}),
        ("environment: text", {"environment": "text"}),
        (
            "build: {context: c, dockerfile: d, args: {A: , B: }}",
            {"build": {"context": "c", "dockerfile": "d", "args": {"A": "one"}}},
        ),
        ("build: {dockerfile_inline: FROM x}", {"build": {"dockerfile_inline": "FROM x", "context": "."}}),
        (
            "build: {args: [A, B, EMPTY, C=c]}",
            {"build": {"args": ["A=one", "EMPTY=", "C=c"], "context": ".", "dockerfile": "Dockerfile"}},
        ),
        ("build: text", {"build": "text"}),
        ("pull_policy: if_not_present", {"pull_policy": "missing"}),
        ("pull_policy: always", {"pull_policy": "always"}),
        (
            "volumes: [{target: /a//b/}, {target: /}, {type: bind}]",
            {"volumes": [{"target": "/a/b"}, {"target": "/"}, {"type": "bind"}]},
        ),
        ("volumes: ['./a:/b/']", {"volumes": ["./a:/b/"]}),
    ],
)
def test_the_keys_of_a_service(keys: str, expected: dict[str, object]) -> None:
    assert service(keys, {"A": "one", "EMPTY": "", "1": "no"}) == expected


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("", "shop_r"),
        ("{}", "shop_r"),
        ("{name: }", "shop_r"),
        ("{name: given}", "given"),
        ("{name: ''}", ""),
        ("{external: true}", "r"),
        ("{external: true, name: given}", "given"),
        ("{external: 'True'}", "r"),
        ("{external: 't'}", "r"),
        ("{external: '1'}", "r"),
        ("{external: false}", "shop_r"),
        ("{external: 'false'}", "shop_r"),
        ("{external: }", "shop_r"),
    ],
)
@pytest.mark.parametrize("kind", ["networks", "volumes", "configs", "secrets"])
def test_the_name_of_a_resource(kind: str, resource: str, name: str) -> None:
    assert value(normal(f"{kind}: {{r: {resource}}}"))[kind]["r"]["name"] == name


def test_models_have_no_name_of_the_project() -> None:
    assert value(normal("models: {small: {model: m}}"))["models"] == {"small": {"model": "m"}}


@pytest.mark.parametrize(
    "text",
    ["services: [web]", "services: text", "networks: [n]", "volumes: ", "services: {web: }", "services: {web: [x]}"],
)
def test_what_was_refused_already_passes_through(text: str) -> None:
    assert value(normal(text)) == {"name": "shop", **value(tree(text))}


def test_what_is_added_has_no_place_and_what_was_written_keeps_its_own() -> None:
    root = normal("name: x\nservices:\n  web:\n    environment:\n      A:\n", {"A": "one"})
    places = {path: str(node.span) for path, node in root.walk()}

    assert places == {
        ("name",): "compose.yaml:1:7",
        ("services",): "compose.yaml:3:3",
        ("services", "web"): "compose.yaml:4:5",
        ("services", "web", "environment"): "compose.yaml:5:7",
        ("services", "web", "environment", "A"): "compose.yaml:5:9",
        ("services", "web", "networks"): "None",
        ("services", "web", "networks", "default"): "None",
        ("networks",): "None",
        ("networks", "default"): "None",
        ("networks", "default", "name"): "None",
    }


@pytest.mark.parametrize("networks", ["[default]", "[back, default]", "{default: }"])
def test_the_short_form_is_on_the_default_network_too(networks: str) -> None:
    found = config(f"services: {{web: {{image: x, networks: {networks}}}}}\nnetworks: {{back: }}")

    assert found["networks"]["default"] == {"name": "shop_default"}


@pytest.mark.parametrize(
    ("key", "place"),
    [("links: [no]", "4:13"), ("volumes_from: [no]", "4:20"), ("ipc: service:no", "4:5"), ("pid: service:no", "4:5")],
)
def test_a_dependency_on_nothing_is_told_once_where_it_comes_from(key: str, place: str) -> None:
    assert codes(f"services:\n  web:\n    image: x\n    {key}\n") == [f"{place} undefined-service"]


def test_a_load_can_do_without() -> None:
    text = "services: {web: {image: x, links: [db]}, db: {image: y}}\nvolumes: {data: }\n"
    found = config(text, normalise=False, all_resources=True)

    assert render_yaml(found) == textwrap.dedent("""\
        name: shop
        services:
          db:
            image: 'y'
          web:
            links:
              - db
            image: x
        volumes:
          data: {}
        """)


def test_values_of_the_environment_that_are_taken_over_again_and_again_are_bounded() -> None:
    services = "".join(f"  s{number}: {{image: x, environment: {{A: , B: }}}}\n" for number in range(300))
    with pytest.raises(SourceError) as caught:
        loaded({FILE: f"services:\n{services}"}, environment={"A": "x" * 100_000, "B": "x" * 100_000})

    assert [one.code for one in caught.value.diagnostics] == ["too-large"]


@given(strategies.documents())
def test_normalising_again_changes_nothing_and_the_given_tree_stays(document: dict[str, object]) -> None:
    root = lift(document)
    once = normalise(root, "shop", {"IMAGE": "x"}, Diagnostics())

    twice = normalise(once, "shop", {"IMAGE": "x"}, Diagnostics())

    # What a container before the start takes over may get another of its two forms.
    assert plain(typed(twice, Diagnostics())) == plain(typed(once, Diagnostics()))
    assert plain(root) == document


def united(service: str) -> object:
    """One service after the phase."""
    return value(unite_scale(tree(f"services: {{web: {{{service}}}}}")))["services"]["web"]


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("scale: 2, deploy: {}", {"scale": 2, "deploy": {"replicas": 2}}),
        ("scale: 0, deploy: {}", {"scale": 0, "deploy": {"replicas": 0}}),
        (
            "scale: 2, deploy: {mode: replicated}",
            {"scale": 2, "deploy": {"mode": "replicated", "replicas": 2}},
        ),
        ("scale: 2, deploy: {replicas: 2}", {"scale": 2, "deploy": {"replicas": 2}}),
        ("scale: 2, deploy: {replicas: 0}", {"scale": 2, "deploy": {"replicas": 0}}),
        ("scale: 2", {"scale": 2}),
        ("deploy: {replicas: 3}", {"deploy": {"replicas": 3}}),
        ("deploy: {}", {"deploy": {}}),
    ],
)
def test_a_service(service: str, expected: object) -> None:
    assert united(service) == expected


def test_replicas_stand_where_docker_compose_prints_them_and_where_scale_was_written() -> None:
    root = unite_scale(tree("services:\n  web:\n    scale: 3\n    deploy: {mode: global, labels: {a: b}, x-k: 1}\n"))
    deploy = root.at(("services", "web", "deploy"))

    assert deploy is not None
    assert list(deploy.value) == ["mode", "replicas", "labels", "x-k"]
    assert str(deploy.value["replicas"].span) == "compose.yaml:3:12"
    assert str(deploy.span) == "compose.yaml:4:13"


@pytest.mark.parametrize("text", ["x: 1", "services: {}", "services: {a: {image: x, deploy: {replicas: 1}}}"])
def test_a_tree_without_scale_comes_back_as_it_is(text: str) -> None:
    root = tree(text)

    assert unite_scale(root) is root


def test_a_service_that_says_nothing_of_it_is_shared_and_the_given_tree_stays() -> None:
    root = tree("services: {a: {scale: 2, deploy: {}}, b: {deploy: {}}}\nx-top: 1")
    before = value(root)
    after = unite_scale(root)

    assert value(root) == before
    assert after.at(("services", "b")) is root.at(("services", "b"))
    assert after.get("x-top") is root.get("x-top")


def test_an_empty_tree() -> None:
    assert unite_scale(Node({})) == Node({})


@pytest.mark.parametrize(
    ("service", "replicas", "told"),
    [
        ("scale: 3, deploy: {}", 3, 3),
        ("scale: 0, deploy: {}", 0, 0),
        ("scale: '2', deploy: {labels: {a: b}}", 2, 2),
        ("scale: 3", None, 3),
        ("deploy: {replicas: 4}", 4, 4),
        ("deploy: {}", None, 1),
    ],
)
def test_a_stack_has_one_number_whichever_key_is_read(service: str, replicas: int | None, told: int) -> None:
    text = f"services: {{web: {{image: x, {service}}}}}"

    assert config(text)["services"]["web"].get("deploy", {}).get("replicas") == replicas
    assert loaded(text).project.services["web"].replicas == told


def test_numbers_that_differ_are_told_before() -> None:
    assert problems("services:\n  web: {image: x, scale: 2, deploy: {replicas: 0}}") == [
        "compose.yaml:2:19: error[contradiction]: service 'web': scale 2 contradicts deploy.replicas 0"
    ]


def test_without_the_check_nothing_is_united() -> None:
    text = "services: {web: {image: x, scale: 2, deploy: {replicas: 3}}, b: {image: x, scale: 2, deploy: {}}}"
    services = config(text, check_consistency=False)["services"]

    assert (services["web"]["scale"], services["web"]["deploy"]) == (2, {"replicas": 3})
    assert services["b"]["deploy"] == {}
