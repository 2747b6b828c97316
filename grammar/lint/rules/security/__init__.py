"""Rules about security: certificates and signatures that are not looked at, and passwords."""

from stackferry.grammar.lint.rule import Rule

_SETS = ("recommended", "security")

RULES: tuple[Rule, ...] = (
    Rule("curl-insecure", "warning", "Do not switch off the certificates of curl.", _SETS, ("CKV2_DOCKER_2",)),
    Rule(
        "wget-no-check-certificate",
        "warning",
        "Do not switch off the certificates of wget.",
        _SETS,
        ("CKV2_DOCKER_3",),
    ),
    Rule(
        "pip-trusted-host",
        "warning",
        "Do not switch off the certificates of pip.",
        _SETS,
        ("CKV2_DOCKER_4", "CKV2_DOCKER_16"),
    ),
    Rule("python-https-verify", "warning", "Do not switch off the certificates of Python.", _SETS, ("CKV2_DOCKER_5",)),
    Rule(
        "node-tls-reject-unauthorized",
        "warning",
        "Do not switch off the certificates of Node.js.",
        _SETS,
        ("CKV2_DOCKER_6",),
    ),
    Rule(
        "apk-allow-untrusted",
        "warning",
        "Do not install packages of apk without a signature.",
        _SETS,
        ("CKV2_DOCKER_7",),
    ),
    Rule(
        "apt-allow-unauthenticated",
        "warning",
        "Do not install packages of apt without a signature.",
        _SETS,
        ("CKV2_DOCKER_8",),
    ),
    Rule(
        "yum-nogpgcheck",
        "warning",
        "Do not install packages of yum, dnf or zypper without a signature.",
        _SETS,
        ("CKV2_DOCKER_9",),
    ),
    Rule(
        "rpm-nosignature",
        "warning",
        "Do not install packages of rpm without a signature.",
        _SETS,
        ("CKV2_DOCKER_10",),
    ),
    Rule("apt-force-yes", "warning", "Do not say --force-yes to apt.", _SETS, ("CKV2_DOCKER_11",)),
    Rule(
        "npm-strict-ssl",
        "warning",
        "Do not switch off the certificates of npm and yarn.",
        _SETS,
        ("CKV2_DOCKER_12", "CKV2_DOCKER_13"),
    ),
    Rule("git-ssl-no-verify", "warning", "Do not switch off the certificates of Git.", _SETS, ("CKV2_DOCKER_14",)),
    Rule("yum-sslverify", "warning", "Do not switch off the certificates of yum and dnf.", _SETS, ("CKV2_DOCKER_15",)),
    Rule("password-in-image", "warning", "Set no passwords in an image.", _SETS, ("CKV2_DOCKER_17",)),
)
