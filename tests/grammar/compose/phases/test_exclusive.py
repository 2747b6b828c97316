"""Keys of an entry that exclude or require each other: each diagnostic with its span, and valid input."""

import pytest

from stackferry.grammar.compose.phases.exclusive import check_exclusive
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import problems, tree


def told(text: str) -> list[str]:
    report = Diagnostics()
    check_exclusive(tree(text), report)
    return [str(one) for one in report]


EXTERNAL = "an external volume is not created, so it can only have a name"
DEVICES = "services: {w: {deploy: {resources: {reservations: {devices: [@]}}}}}"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "volumes: {v: {external: true, driver: local}}",
            "1:31",
            f"volumes.v: external and driver are mutually exclusive\n  hint: {EXTERNAL}",
        ),
        (
            "volumes: {v: {labels: {}, external: true}}",
            "1:15",
            f"volumes.v: external and labels are mutually exclusive\n  hint: {EXTERNAL}",
        ),
        (
            "configs: {c: {file: a, content: b}}",
            "1:24",
            "configs.c: file and content are mutually exclusive\n  hint: use one of file, environment or content",
        ),
        (
            "configs: {c: {content: b, environment: B, file: a}}",
            "1:27",
            (
                "configs.c: file and environment and content are mutually exclusive"
                "\n  hint: use one of file, environment or content"
            ),
        ),
        (
            "secrets: {s: {environment: B, file: a}}",
            "1:15",
            "secrets.s: file and environment are mutually exclusive\n  hint: use one of file or environment",
        ),
        ("configs: {c: {}}", "1:11", "configs.c: needs one of file, environment or content"),
        ("secrets: {s: {name: n}}", "1:11", "secrets.s: needs one of file or environment"),
        ("secrets: {s: {x-note: 1}}", "1:11", "secrets.s: needs one of file or environment"),
        (
            "services: {w: {ports: [{host_ip: localhost}]}}",
            "1:25",
            "services.w.ports[0]: invalid IP address 'localhost'",
        ),
        (
            "services: {w: {develop: {watch: [{action: sync, path: ''}]}}}",
            "1:49",
            "services.w.develop.watch[0].path: the path to watch cannot be empty",
        ),
        (
            "services: {w: {gpus: [{count: 1, device_ids: ['0']}]}}",
            "1:34",
            "services.w.gpus[0]: count and device_ids are mutually exclusive",
        ),
        (
            DEVICES.replace("@", "{device_ids: ['0'], count: all}"),
            "1:63",
            "services.w.deploy.resources.reservations.devices[0]: count and device_ids are mutually exclusive",
        ),
    ],
)
def test_objections_and_where_they_point(text: str, place: str, message: str) -> None:
    assert told(text) == [f"compose.yaml:{place}: error[exclusive]: {message}"]


@pytest.mark.parametrize("address", ["", "1.2.3", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "fe80::1%eth0", ":::", "1.5"])
def test_what_is_no_address(address: str) -> None:
    assert told(f"services: {{w: {{ports: [{{host_ip: '{address}'}}]}}}}") == [
        f"compose.yaml:1:25: error[exclusive]: services.w.ports[0]: invalid IP address {address!r}"
    ]


def test_a_number_is_no_address_either() -> None:
    assert told("services: {w: {ports: [{host_ip: 1.5}]}}") == [
        "compose.yaml:1:25: error[exclusive]: services.w.ports[0]: invalid IP address 1.5"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "volumes: {v: {external: true, name: n, x-note: 1}}",
        "volumes: {v: {external: false, driver: local}}",
        # Text that means true is made true by interpolation; without that it is not looked at.
        "volumes: {v: {external: 'true', driver: local}}",
        "volumes: {v: null, w: {driver: local}}",
        "configs: {c: {external: true}, d: {external: false}, e: {driver: x}, f: {content: ''}}",
        "configs: {c: null, d: text}",
        "secrets: {s: {file: ''}}",
        "services: {w: {ports: [{host_ip: 127.0.0.1}, {host_ip: '::'}, {host_ip: '::ffff:1.2.3.4'}, {}, '80']}}",
        "services: {w: {develop: {watch: [{path: .}, {path: null}, {}]}}}",
        "services: {w: {gpus: [{count: 1}, {device_ids: ['0']}, {}, all]}}",
        "services: {w: null}",
        "services: {volumes: {external: true, driver: local}}",
    ],
)
def test_what_stands_together(text: str) -> None:
    assert told(text) == []


def test_all_objections_are_told_one_for_each_key() -> None:
    text = (
        "volumes:\n"
        "  v:\n"
        "    driver: local\n"
        "    external: true\n"
        "    driver_opts: {}\n"
        "configs:\n"
        "  c: {}\n"
        "services:\n"
        "  w:\n"
        "    ports:\n"
        "      - {target: 1}\n"
        "      - {host_ip: x}\n"
    )

    assert sorted(one.split(": error")[0] for one in told(text)) == [
        "compose.yaml:12:10",
        "compose.yaml:3:5",
        "compose.yaml:5:5",
        "compose.yaml:7:3",
    ]


def test_an_entry_that_a_later_file_completes_points_into_that_file() -> None:
    files = {
        "compose.yaml": "services: {web: {image: x, configs: [c]}}\nconfigs:\n  c: {file: a}\n",
        "more.yaml": "configs:\n  c:\n    content: b\n",
    }

    assert problems(files, files=("compose.yaml", "more.yaml")) == [
        (
            "more.yaml:3:5: error[exclusive]: configs.c: file and content are mutually exclusive"
            "\n  hint: use one of file, environment or content"
        )
    ]


def test_an_external_volume_by_way_of_a_variable() -> None:
    text = "services: {web: {image: x, volumes: ['v:/t']}}\nvolumes: {v: {external: '${YES}', driver: local}}\n"

    assert problems(text, environment={"YES": "true"}) == [
        (
            "compose.yaml:2:35: error[exclusive]: volumes.v: external and driver are mutually exclusive\n"
            f"  hint: {EXTERNAL}"
        )
    ]
