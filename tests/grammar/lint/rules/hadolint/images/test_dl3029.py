import pytest

from tests.grammar.lint.making import marked


@pytest.mark.parametrize(
    ("platform", "stage", "found"),
    [
        ("linux/amd64", "build", True),
        ("linux/amd64", "build-amd64", False),
        ("linux/amd64", "AMD64", False),
        ("linux/amd64", "linux", False),
        ("linux/x86_64", "amd64", False),
        ("linux/x86_64", "x86-64", True),
        ("linux/arm/v7", "armhf", False),
        ("linux/armhf", "arm", False),
        ("linux/aarch64", "arm64", False),
        ("macos/arm64", "darwin", False),
        ("amd64", "x", True),
        ("arm64", "linux", False),
        ("windows", "x", True),
        ("Linux/AMD64", "x", True),
        ("windows(10.0.17763)/amd64", "x", True),
        ("unheard/of", "x", True),
        ("unheard", "x", False),
        ("a/b/c/d", "x", False),
        ("linux/", "x", False),
        ("$PLATFORM", "x", False),
        ("linux/$TARGETARCH", "x", False),
    ],
)
def test_a_platform_is_fixed_unless_the_stage_says_so(platform, stage, found):
    text = f"ARG PLATFORM=linux/amd64\nFROM --platform={platform} a:1 AS {stage}\n"

    assert marked("DL3029", text) == ([f"2 --platform={platform}"] if found else [])
