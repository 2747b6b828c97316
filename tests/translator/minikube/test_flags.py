import pytest

from stackferry.translator.minikube.flags import megabytes, merged, remember, remembered, size, value
from stackferry.translator.minikube.size import Size


def test_the_last_mention_counts():
    flags = ["--memory=2g", "--force", "--memory", "4096", "--cpus", "3"]

    assert value(flags, "memory") == "4096"
    assert value(flags, "force") == "true"
    assert value(flags, "driver") is None
    assert value(["--force=false"], "force") == "false"
    assert value(["--no-vtx-check", "--iso-url=x"], "no-vtx-check") == "true"


def test_sizes_of_flags():
    assert size(["--memory=2g", "--disk-size", "20000mb", "--cpus=4"]) == Size(4, 2048, 20000)
    assert size(["--memory=max", "--cpus=no-limit"]) == Size()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2200", 2200), ("2200mb", 2200), ("2g", 2048), ("1.5GB", 1536), ("1048576k", 1024), ("max", None), ("", None)],
)
def test_sizes_as_minikube_reads_them(text, expected):
    assert megabytes(text) == expected


def test_what_is_said_now_takes_the_place_of_what_was_said_before():
    before = ("--force", "--memory", "2g", "--extra-config=kubelet.a=1")

    assert merged(before, ["--memory=4g"]) == ("--force", "--extra-config=kubelet.a=1", "--memory=4g")
    assert merged(before, ["--extra-config=kubelet.b=2"]) == (*before, "--extra-config=kubelet.b=2")
    assert merged(before, before) == before
    assert merged((), ["--force"]) == ("--force",)


def test_they_are_remembered_with_the_profile(tmp_path):
    profile = tmp_path / "shop"
    remember(profile, ["--force"])
    assert remembered(profile) == (), "profile does not exist yet"

    profile.mkdir()
    remember(profile, ["--force", "--iso-url=file:///a b"])

    assert remembered(profile) == ("--force", "--iso-url=file:///a b")
    (profile / "stackferry.json").write_text("{", "utf-8")
    assert remembered(profile) == ()
