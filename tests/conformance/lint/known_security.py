"""Our security rules' deliberate differences from Checkov's: a part of the table of `known.py`."""

import re

from tests.conformance.lint.meant import CHECKOV, ONLY_THEY, ONLY_WE, Known, instruction_has

SECURITY: tuple[Known, ...] = (
    Known(
        CHECKOV,
        "curl-insecure|wget-no-check-certificate",
        ONLY_THEY,
        "The download is from the machine itself, whose certificate does not matter.",
        "RUN curl -k https://localhost:8443/health",
        applies=instruction_has(r"localhost|127\.0\.0\.1"),
    ),
    Known(
        CHECKOV,
        "apk-.*|apt-.*|curl-.*|npm-.*|password-.*|pip-.*|rpm-.*|wget-.*|yum-.*",
        ONLY_THEY,
        "Checkov searches the whole text: the words are printed, in a comment, or arguments or part of the name of "
        "another program.",
        "RUN apt-get install -y wget && echo wget --no-check-certificate",
        applies=instruction_has(
            r"\b(echo|printf)\b|\b(man|which|rm|install|add)\b[^;&|]*\b(chpasswd|curl|wget)\b|\b(not-|my|lib)(curl|wget)"
            r"|\b(curl-config|rpmbuild|pipenv)\b|\s#\s.*--insecure"
        ),
    ),
    Known(
        CHECKOV,
        "curl-insecure|wget-no-check-certificate",
        ONLY_THEY,
        "The word is the value of an option: a header, a file name.",
        "RUN curl -obackup https://example.com/backup",
        applies=instruction_has(r"\s-[a-zA-Z]*[oXuHbdT]\s*[\"']?\S*k|--data-k|\s-\w*O\s+--no-check"),
    ),
    Known(
        CHECKOV,
        "apk-.*|apt-.*|node-.*|npm-.*|python-.*|wget-.*|yum-.*",
        ONLY_THEY,
        "The value keeps the check on, or the word only begins the same.",
        "RUN apt-get install -y --allow-unauthenticated=false app",
        applies=instruction_has(r"=(false|no)\b|untrustedx|falsey|[= ][\"']?01|-certificates"),
    ),
    Known(
        CHECKOV,
        "apk-allow-untrusted|rpm-nosignature",
        ONLY_THEY,
        "Nothing is installed: `apk index` creates an index; rpm queries, verifies or removes.",
        "RUN apk index --allow-untrusted -o APKINDEX.tar.gz *.apk",
        applies=instruction_has(r"\bapk\b[^;&|]*\bindex\b|\brpm\b[^;&|]*\s(-[qVe]|--query|--verify)"),
    ),
    Known(
        CHECKOV,
        "git-.*|pip-.*|node-.*|npm-.*|python-.*",
        ONLY_THEY,
        "The script sets the variable without exporting it, so no program sees it.",
        "RUN PIP_TRUSTED_HOST=pypi.org; pip install flask",
        applies=lambda found, where: (
            re.match(r"\s*RUN\s(?!.*\bexport\b).*\b[A-Za-z_]+=('[^']*'|\"[^\"]*\"|\S*?)\s*(;|$)", where.instruction)
            is not None
        ),
    ),
    Known(
        CHECKOV,
        "git-.*|pip-.*|node-.*|npm-.*|python-.*",
        ONLY_THEY,
        "The line goes to a file that no shell reads by itself, or to a profile without export.",
        "RUN echo NODE_TLS_REJECT_UNAUTHORIZED=0 >> .env",
        applies=instruction_has(r"\becho\b.*>\s*\S"),
    ),
    Known(
        CHECKOV,
        "pip-trusted-host",
        ONLY_THEY,
        "The host is missing, is the machine itself, or is unknown.",
        "ENV PIP_TRUSTED_HOST=localhost",
        applies=instruction_has(
            r"TRUSTED_HOST[= ][\"']?(localhost|127\.|[\"'\s;]|$)|--trusted-host[= ][\"']?(localhost|\$)"
        ),
    ),
    Known(
        CHECKOV,
        ".*",
        ONLY_THEY,
        "The ARG is before the first FROM and no stage uses it.",
        "ARG PYTHONHTTPSVERIFY=0\nFROM python:2.7",
        applies=lambda found, where: (
            where.instruction.lstrip()[:3].upper() == "ARG"
            and re.search(r"(?im)^\s*FROM\s", where.file.partition(where.instruction)[0]) is None
        ),
    ),
    Known(
        CHECKOV,
        "password-in-image",
        ONLY_THEY,
        "The password is in a mounted secret, so it is not in the image's history.",
        "RUN --mount=type=secret,id=passwords chpasswd < /run/secrets/passwords",
        applies=instruction_has(r"--mount=\S*type=secret"),
    ),
    Known(
        CHECKOV,
        ".*",
        ONLY_WE,
        "Checkov checks RUN, ENV and ARG only.",
        "CMD curl -k https://example.com",
        applies=instruction_has(r"^\s*(CMD|ENTRYPOINT|ONBUILD|COPY|ADD)\s"),
    ),
    Known(
        CHECKOV,
        ".*",
        ONLY_WE,
        "Checkov reads only heredocs that begin with `RUN <<EOF`, and none inside them.",
        "RUN <<SCRIPT\ncurl -k https://example.com/a\nSCRIPT",
        applies=instruction_has(r"<<"),
    ),
    Known(
        CHECKOV,
        ".*",
        ONLY_WE,
        "The words are in exec form, in quotes, or in a variable with a known value.",
        'RUN ["wget", "--no-check-certificate", "https://example.com/a"]',
        applies=instruction_has(r"^\s*RUN\s+(--\S+\s+)*\[|\s[\"']-|\$|\w=\\?[\"']"),
    ),
    Known(
        CHECKOV,
        "git-.*|pip-.*|node-.*|npm-.*|python-.*",
        ONLY_WE,
        "Checkov expects a value followed by a space: the value is at the end of the line, before `;`, or from an ARG "
        "before the first FROM.",
        "RUN export PYTHONHTTPSVERIFY=0; pip install app",
        applies=instruction_has(r"(\b|\\n)(GIT_SSL|PIP_TR|NODE_TLS|PYTHONHTTPS|NPM_CON)\w*(=|\s|$)"),
    ),
    *(
        Known(CHECKOV, rules, ONLY_WE, f"Other ways to do the same: {what}.", example, applies=instruction_has(pattern))
        for rules, what, example, pattern in (
            (
                "apt-.*",
                "apt, aptitude, `-o`, `--allow-insecure-repositories`, a file of apt.conf.d, a source with trusted=yes",
                "RUN apt install -y --force-yes app",
                r"\bapt(itude)?\s|-o\s|--option|insecure-rep|apt\.conf|trusted|Verify-Peer",
            ),
            (
                "curl-.*",
                "`--proxy-insecure`, a line of .curlrc",
                "RUN curl --proxy-insecure https://example.com/a",
                r"--(proxy|doh)-insecure|curlrc",
            ),
            (
                "git-.*",
                "http.sslVerify, which `git config`, `git -c` and .gitconfig set",
                "RUN git config --global http.sslVerify false",
                r"sslverify",
            ),
            (
                "npm-.*",
                "pnpm, options of npm, an option before the setting, yarn's variables, a line of .npmrc",
                "RUN npm config set -g strict-ssl false",
                r"strict-?ssl",
            ),
            (
                "password-.*",
                "passwd, useradd and usermod; Checkov expects spaces around chpasswd",
                "RUN passwd -d root",
                r"\bpasswd\b|useradd|usermod|\bchpasswd\b",
            ),
            (
                "pip-.*",
                "uv, pip config, a line of pip.conf",
                "RUN pip config set global.trusted-host pypi.example.com",
                r"\buv\b|UV_INS|config\s|pip\.conf|--trusted-host",
            ),
            (
                "wget-.*",
                "the option shortened, `--check-certificate=off`, `-e`, a line of .wgetrc",
                "RUN wget --check-certificate=off https://example.com/a",
                r"--no-check(?!-certificate\b)|--check-cert|wgetrc|-e\s|--execute",
            ),
            (
                "yum-nogpgcheck",
                "zypper, `--setopt=gpgcheck=0`, `--no-gpgcheck`, a line of a repository file",
                "RUN zypper --no-gpg-checks install -y app",
                r"zypper|gpgcheck\s*=|--no-gpg",
            ),
            (
                "yum-sslverify",
                "the option of yum and dnf, after a space, `off`, a line of a repository file",
                "RUN dnf --setopt=sslverify=0 install -y app",
                r"sslverify",
            ),
        )
    ),
)
