"""Rules about package managers: versions, answers, caches."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("DL3008", "warning", "Pin versions in apt-get install.", ("hadolint",)),
    Rule(
        "DL3009",
        "info",
        "Remove the package lists after apt-get update.",
        ("recommended", "hadolint"),
        ("DS-0017", "CKV_DOCKER_5"),
    ),
    Rule("DL3013", "warning", "Pin versions in pip install.", ("hadolint",)),
    Rule("DL3014", "warning", "Use -y in apt-get install.", ("recommended", "hadolint"), ("DS-0021",)),
    Rule("DL3015", "info", "Use --no-install-recommends in apt-get install.", ("hadolint",), ("DS-0029",)),
    Rule("DL3016", "warning", "Pin versions in npm install.", ("hadolint",)),
    Rule("DL3018", "warning", "Pin versions in apk add.", ("hadolint",)),
    Rule("DL3019", "info", "Use --no-cache in apk add.", ("recommended", "hadolint"), ("DS-0025",)),
    Rule("DL3027", "warning", "Use apt-get in scripts, not apt.", ("recommended", "hadolint"), ("CKV_DOCKER_9",)),
    Rule("DL3028", "warning", "Pin versions in gem install.", ("hadolint",)),
    Rule("DL3030", "warning", "Use -y in yum install.", ("recommended", "hadolint")),
    Rule("DL3032", "info", "Run yum clean all after yum install.", ("recommended", "hadolint:warning"), ("DS-0015",)),
    Rule("DL3033", "warning", "Pin versions in yum install.", ("hadolint",)),
    Rule("DL3034", "warning", "Use -y or --non-interactive in zypper.", ("recommended", "hadolint")),
    Rule("DL3035", "warning", "Do not use zypper dist-upgrade.", ("recommended", "hadolint"), ("DS-0024",)),
    Rule("DL3036", "info", "Run zypper clean after zypper install.", ("recommended", "hadolint:warning"), ("DS-0020",)),
    Rule("DL3037", "warning", "Pin versions in zypper install.", ("hadolint",)),
    Rule("DL3038", "warning", "Use -y in dnf install.", ("recommended", "hadolint")),
    Rule(
        "DL3040",
        "info",
        "Run dnf clean all after dnf install.",
        ("recommended", "hadolint:warning"),
        ("DS-0019", "DS-0027"),
    ),
    Rule("DL3041", "warning", "Pin versions in dnf install.", ("hadolint",)),
    Rule("DL3042", "info", "Use --no-cache-dir in pip install.", ("recommended", "hadolint:warning")),
    Rule("DL3060", "info", "Run yarn cache clean after yarn install.", ("recommended", "hadolint")),
    Rule("DL3062", "warning", "Pin versions in go install.", ("hadolint",)),
)
