"""Flags of `minikube start` that matter to checks."""

from stackferry.translator.minikube.doctor.facts.wanted import Wanted, wanted


def test_nothing_said() -> None:
    assert wanted((), {}) == Wanted()


def test_flags() -> None:
    words = ["--force", "--no-vtx-check", "--host-only-cidr=10.0.0.1/24", "--memory", "4g", "--cpus=3"]
    words += ["--disk-size=8g", "--disable-driver-mounts", "--iso-url=file:///node.iso", "--preload=false"]

    assert wanted(words, {}) == Wanted(
        force=True,
        no_vtx_check=True,
        has_mounts=False,
        host_only_cidr="10.0.0.1/24",
        iso="file:///node.iso",
        preload=False,
        cpus=3,
        memory=4096,
        disk=8192,
    )


def test_a_flag_that_is_turned_off_again() -> None:
    assert not wanted(["--force", "--force=false"], {}).force


def test_the_environment_says_what_no_flag_does() -> None:
    environment = {"MINIKUBE_FORCE": "true", "MINIKUBE_MEMORY": "2g", "MINIKUBE_HOST_ONLY_CIDR": "10.0.0.1/24"}

    assert wanted(["--memory=3g"], environment) == Wanted(force=True, host_only_cidr="10.0.0.1/24", memory=3072)


def test_words_that_are_for_minikube_to_understand() -> None:
    assert wanted(["--cpus=max", "--memory=no-limit"], {}) == Wanted()
