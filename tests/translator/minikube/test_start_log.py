from stackferry.translator.minikube.start_log import errors

LOG = """\
I1130 10:00:00 main.go:141] libmachine: COMMAND: /usr/bin/VBoxManage hostonlyif create
I1130 10:00:01 main.go:141] libmachine: STDERR:
VBoxManage: error: VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl
VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component HostNetworkInterfaceWrap
VBoxManage: error: Context: "RTEXITCODE handleCreate(HandlerArg *)" at line 100
E1130 VBoxManage: error: VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl
"""
WORDS = "VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl"


def test_each_error_once_in_its_own_words():
    assert errors(LOG, "The host-only adapter is not visible") == (WORDS,)


def test_what_minikube_has_said_is_not_said_again():
    assert errors(LOG, f"create: {WORDS}") == ()
    assert errors("", "") == ()


def test_only_the_last_ones():
    many = "".join(f"VBoxManage: error: {number}\n" for number in range(9))

    assert errors(many, "") == ("6", "7", "8")


def test_an_error_that_minikube_does_not_log_is_told_by_what_it_says():
    (found,) = errors("", "creating host: create: creating: write |1: broken pipe")

    assert found.startswith("`VBoxManage convertfromraw` could not write the machine's disk")
