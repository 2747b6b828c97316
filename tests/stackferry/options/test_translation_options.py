"""The options of a translation: the same for `convert` and `explain`."""

import sys
from dataclasses import fields

import pytest

from stackferry.grammar.notes import nowhere
from stackferry.options.translation_options import SHARED, TranslationChoice
from stackferry.translator import Options
from stackferry.translator.options import HELPER_IMAGE, VERSIONS

STACK = "services: {web: {image: nginx}}\n"


def options(**given):
    return TranslationChoice(**given).options(nowhere)


def test_nothing_said_is_the_translators_default():
    assert options() == Options()
    assert set(TranslationChoice._fields) == set(SHARED)
    # No switches: where values were written, and what a command that brings a stack up knows of itself and of a node.
    switches = {one.name for one in fields(Options)} - {"origin", "copies", "node"}
    assert len(TranslationChoice._fields) == len(switches)


def test_each_switch_fills_its_option():
    assert options(
        namespace="test",
        kubernetes_version="1.31",
        publish="gateway",
        node_port_range="1-65535",
        gateway_class="public",
        ingress_class="inside",
        volume_size="500Mi",
        copy_up="always",
        no_wait=True,
        helper_image="busybox:1",
        network_policies=True,
        node_roles=True,
        allow_unsafe_sysctls=True,
    ) == Options(
        namespace="test",
        kubernetes=31,
        publish="gateway",
        node_ports=range(1, 65536),
        gateway_class="public",
        ingress_class="inside",
        volume_size="500Mi",
        copy_up="always",
        wait=False,
        helper_image="busybox:1",
        network_policies=True,
        node_roles=True,
        unsafe_sysctls=True,
    )


@pytest.mark.parametrize("command", ["convert", "explain"])
def test_the_help_names_the_defaults(stackferry, command):
    text = " ".join(stackferry(command, "--help").out.split())
    default = Options()

    assert f"Default: {HELPER_IMAGE}." in text
    assert f"Default: 1.{default.kubernetes}." in text
    assert f"Default: {default.volume_size}." in text
    assert f"Default: {default.publish}." in text
    assert f"Default: {default.gateway_class}." in text
    assert f"Default: {default.node_ports[0]}-{default.node_ports[-1]}." in text


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        *(("--node-port-range", text) for text in ("", "80", "0-80", "80-70", "1-65536", "a-b", "1 - 2")),
        *(("--kubernetes-version", text) for text in ("1.29", "2.34", "34", f"1.{VERSIONS[-1] + 1}", "1.x")),
        *(("--volume-size", text) for text in ("", "0", "0Gi", "1 Gi", "1GB", "-1Gi", "many")),
        ("--publish", "nowhere"),
        ("--copy-up", "sometimes"),
    ],
)
def test_a_wrong_value_is_wrong_usage(here, stackferry, switch, value):
    (here / "compose.yaml").write_text(STACK)

    outcome = stackferry("convert", switch, value)

    assert (outcome.code, outcome.out) == (2, "")
    assert switch in outcome.err


@pytest.mark.parametrize("text", ["1.34", "v1.34", "1.34.2"])
def test_versions_as_kubectl_prints_them(text):
    assert options(kubernetes_version=text).kubernetes == 34


def test_a_size_may_be_any_quantity():
    assert [options(volume_size=text).volume_size for text in ("1Gi", "0.5Ti", "10G", "1048576")] == [
        *("1Gi", "0.5Ti", "10G", "1048576")
    ]


def test_the_same_is_said_again():
    choice = TranslationChoice(namespace="a b", no_wait=True, publish="ingress")

    assert choice.words() == ["-n", "a b", "--publish", "ingress", "--no-wait"]


def test_help_imports_no_translator(here):
    import subprocess

    words = [sys.executable, "-X", "importtime", "-m", "stackferry", "convert", "--help"]
    done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=True)

    assert "stackferry.options.translation_options" in done.stderr
    assert "stackferry.translator" not in done.stderr
