"""Rules about security: certificates and signatures that are not looked at, and passwords."""

from stackferry.grammar.lint.rule import Rule

_SETS = ("recommended", "security")

RULES: tuple[Rule, ...] = (
    Rule("curl-insecure", "warning", "Do not disable certificate checks in curl.", _SETS, ("CKV2_DOCKER_2",)),
    Rule(
        "wget-no-check-certificate",
        "warning",
        "Do not disable certificate checks in wget.",
        _SETS,
        ("CKV2_DOCKER_3",),
    ),
    Rule(
        "pip-trusted-host",
        "warning",
        "Do not disable certificate checks in pip.",
        _SETS,
        ("CKV2_DOCKER_4", "CKV2_DOCKER_16"),
    ),
    Rule("python-https-verify", "warning", "Do not disable certificate checks in Python.", _SETS, ("CKV2_DOCKER_5",)),
    Rule(
        "node-tls-reject-unauthorized",
        "warning",
        "Do not disable certificate checks in Node.js.",
        _SETS,
        ("CKV2_DOCKER_6",),
    ),
    Rule(
        "apk-allow-untrusted",
        "warning",
        "Do not install unsigned packages with apk.",
        _SETS,
        ("CKV2_DOCKER_7",),
    ),
    Rule(
        "apt-allow-unauthenticated",
        "warning",
        "Do not install unsigned packages with apt.",
        _SETS,
        ("CKV2_DOCKER_8",),
    ),
    Rule(
        "yum-nogpgcheck",
        "warning",
        "Do not install unsigned packages with yum, dnf or zypper.",
        _SETS,
        ("CKV2_DOCKER_9",),
    ),
    Rule(
        "rpm-nosignature",
        "warning",
        "Do not install unsigned packages with rpm.",
        _SETS,
        ("CKV2_DOCKER_10",),
    ),
    Rule("apt-force-yes", "warning", "Do not use --force-yes with apt.", _SETS, ("CKV2_DOCKER_11",)),
    Rule(
        "npm-strict-ssl",
        "warning",
        "Do not disable certificate checks in npm and yarn.",
        _SETS,
        ("CKV2_DOCKER_12", "CKV2_DOCKER_13"),
    ),
    Rule("git-ssl-no-verify", "warning", "Do not disable certificate checks in Git.", _SETS, ("CKV2_DOCKER_14",)),
    Rule("yum-sslverify", "warning", "Do not disable certificate checks in yum and dnf.", _SETS, ("CKV2_DOCKER_15",)),
    Rule("password-in-image", "warning", "Do not set passwords in an image.", _SETS, ("CKV2_DOCKER_17",)),
)
