from tests.grammar.lint.making import marked

WORDS = """FROM golang:1.22
ENV GOPRIVATE=example.com/*
ENV AWS_WEB_IDENTITY_TOKEN_FILE=/run/token
ENV KMS_KEY_ALIAS=alias/app
ENV PUBLIC_KEY=abc
ARG DB_PASSWORD
ENV TRAVIS_OS_NAME=linux USERNAME=app
"""


def test_a_word_in_a_name_is_not_enough():
    """hadolint #1245, buildkit #5775: whoever reads it."""
    assert marked("DL3064", WORDS) == ["6 DB_PASSWORD"]
    assert marked("DL3064", WORDS, hadolint=True) == ["6 DB_PASSWORD"]


def test_hadolint_finds_parts_of_words_and_buildkit_whole_ones():
    text = "FROM a:1\nENV apiToken=1 GPG_KEY=2 dbPassword=3 AUTH=4 PGPASSWORD=5 API_KEYS=6 NPM_TOKEN=7\n"

    assert marked("DL3064", text) == ["2 GPG_KEY", "2 AUTH", "2 NPM_TOKEN"]
    assert marked("DL3064", text, hadolint=True) == [
        "2 apiToken",
        "2 dbPassword",
        "2 PGPASSWORD",
        "2 API_KEYS",
        "2 NPM_TOKEN",
    ]
