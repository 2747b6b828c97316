"""Our own init containers."""

from stackferry.translator.pod.helper import ROOT, helper_container


def test_the_script_gets_its_arguments_and_is_left_as_it_is() -> None:
    made = helper_container("fill", 'echo "$1" $(id)', "helper:1", args=("a b",), env={"X": "$(Y)"})
    assert made["command"] == ["sh", "-c", 'echo "$1" $$(id)', "fill", "a b"]
    assert made["env"] == [{"name": "X", "value": "$$(Y)"}]


def test_little_is_allowed() -> None:
    made = helper_container("wait", "true", "helper:1")["securityContext"]
    assert made == {
        "runAsUser": 65534,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_root_may_change_owners() -> None:
    made = helper_container("fill", "true", "helper:1", user=ROOT)["securityContext"]
    assert made["runAsUser"] == 0
    assert made["capabilities"] == {"drop": ["ALL"], "add": ["CHOWN", "DAC_OVERRIDE", "FOWNER"]}
