"""From .hadolint.yaml to our format: the same configuration, with its comments; and the effect of another set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.hadolint_config import from_text
from stackferry.grammar.lint.config.migrate import Change, changes, migrate
from stackferry.grammar.lint.config.toml_config import read
from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.lint.selection import Selector
from tests.grammar.lint.catalogues import catalogue_of

CATALOGUE = catalogue_of()

OLD = """\
# Rules of the platform team
# see the wiki

---
# red from here on
failure-threshold: error # for now
ignored:
  # the mirror pins for us
  - DL3008  # no pins
  - DL3005
  - "SC2086" # "quoted" # twice
  - DL77
override:
  error: [DL3006, DL3057]
  # mild ones
  info:
    - DL3006
    - DL3003 # cd
format: json
no-color: true
foo: 1
strict-labels: true
disable-ignore-pragma: true
# what marketing wants
label-schema:
  a.b: text # any
  url: url
trustedRegistries: [docker.io, "*.gcr.io"]  # ours
"""
NEW = """\
# Rules of the platform team
# see the wiki
[tool.stackferry.lint]
set = "hadolint"
# red from here on
fail-on = "error"  # for now
ignore = [
    # the mirror pins for us
    "DL3008",  # no pins
    "SC2086",  # "quoted" # twice
]
# off by default in hadolint as well; there, a severity turns them on
select = ["DL3057"]
trusted-registries = ["docker.io", "*.gcr.io"]  # ours
strict-labels = true
pragmas = false

[tool.stackferry.lint.severity]
DL3006 = "error"
DL3057 = "error"
# mild ones
DL3003 = "info"  # cd

# what marketing wants
[tool.stackferry.lint.label-schema]
"a.b" = "text"  # any
url = "url"
"""
REMARKS = (
    "format: json is not carried over: pass --format json where you run the linter",
    "no-color is not carried over: set NO_COLOR=1 where you run the linter",
    "unknown key 'foo' is not carried over, and hadolint ignores it as well",
    "ignored: 'DL77' is not a rule and is not carried over",
    "DL3005 is not carried over: hadolint has retired it, so it has no effect",
    "this file applies to the Dockerfiles below its folder, wherever you run the linter",
    "where it applies, HADOLINT_* variables are ignored",
)


def test_everything_is_kept_with_its_comments():
    migration = migrate(OLD, ".hadolint.yaml", CATALOGUE)

    assert migration.text == NEW
    assert migration.remarks == REMARKS


def test_a_comment_at_the_top_that_belongs_to_the_first_key():
    text = migrate("# agreed on\nignored: [DL3008]\n", ".hadolint.yaml", CATALOGUE).text

    assert '# agreed on\nignore = ["DL3008"]\n' in text


def test_an_empty_file():
    assert migrate("", "x", CATALOGUE).text == '[tool.stackferry.lint]\nset = "hadolint"\nfail-on = "info"\n'


def test_another_set():
    assert 'set = "recommended"\n' in migrate(OLD, "x", CATALOGUE, "recommended").text


def test_what_hadolint_refuses_cannot_be_migrated():
    with pytest.raises(SourceError, match=r"^x:1:10: error\[hadolint-config\]: ignored: expected a list, got a text"):
        migrate("ignored: DL3006\n", "x", CATALOGUE)


def test_a_long_list_has_a_line_for_each_item():
    ids = ["DL3006", "DL3008", *(f"SC{number}" for number in range(2000, 2020))]
    text = migrate(f"ignored: [{', '.join(ids)}]\n", "x", CATALOGUE).text

    assert '\nignore = [\n    "DL3006",\n    "DL3008",\n' in text


IDS = st.sampled_from(
    ["DL3006", "DL3008", "DL3057", "DL1001", "SC2086", "DL3005", "DL9", "WorkdirRelativePath", "dl3006"]
)


def is_text(text: str) -> bool:
    """Whether it is one where a YAML file has it without quotes: hadolint's YAML has more numbers than PyYAML's."""
    try:
        float(text)
    except ValueError:
        return True
    return False


TEXTS = st.text(st.characters(codec="utf-8"), max_size=5).filter(is_text)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "ignored": st.lists(IDS, max_size=4),
        "override": st.dictionaries(st.sampled_from(["error", "warning", "info", "style"]), st.lists(IDS, max_size=3)),
        "failure-threshold": st.sampled_from(["error", "warning", "info", "style", "ignore", "none"]),
        "no-fail": st.booleans(),
        "strict-labels": st.booleans(),
        "disable-ignore-pragma": st.booleans(),
        "trustedRegistries": st.lists(TEXTS, max_size=3),
        "label-schema": st.dictionaries(TEXTS, st.sampled_from(["text", "url", "semver", ""]), max_size=3),
        "format": st.sampled_from(["json", "tty"]),
    },
)


def verdicts(config: Config) -> dict[str, str]:
    selection = Selector(CATALOGUE, config).of("x")
    return {name: selection.severity(name) for name in selection.rules} | {
        f"SC2086 {own}": selection.severity("SC2086", own) for own in ("error", "info")
    }


@given(FILES, st.booleans())
def test_the_new_file_means_what_the_old_one_did(keys, flow):
    import yaml

    old = yaml.safe_dump(keys, default_flow_style=flow, allow_unicode=False)
    before = from_text(old, "x", CATALOGUE)
    after = read(migrate(old, "x", CATALOGUE).text, "stackferry.toml", CATALOGUE)

    assert after is not None
    assert not [notice for notice in before.notes if notice.code == "hadolint-config"]
    assert verdicts(after) == verdicts(before)
    for field in ("set", "fail_on", "settings", "heed_pragmas", "severities"):
        assert getattr(after, field) == getattr(before, field)


@given(st.lists(st.sampled_from([*OLD.splitlines(), "", "  # x\x7f", "#", "# \ty"])))
def test_comments_anywhere_do_no_harm(lines):
    try:
        migration = migrate("\n".join(lines) + "\n", "x", CATALOGUE)
    except SourceError:
        return
    assert read(migration.text, "stackferry.toml", CATALOGUE)


def finding(identifier: str, severity: str = "warning") -> Finding:
    return Finding("x", 1, 1, 1, 1, severity, identifier, "")


def test_what_changes_in_the_findings():
    before = [finding("DL3008"), finding("DL3008"), finding("DL3006"), finding("DL3009", "info"), finding("DL3000")]
    after = [
        finding("DL3006"),
        finding("DL3009", "style"),
        finding("curl-insecure"),
        finding("DL3000"),
        finding("DL3000"),
    ]

    assert changes(before, after) == (
        Change("DL3000", {"warning": 1}, {"warning": 2}),
        Change("DL3008", {"warning": 2}, {}),
        Change("DL3009", {"info": 1}, {"style": 1}),
        Change("curl-insecure", {}, {"warning": 1}),
    )
    assert changes(before, before) == ()
