from tests.grammar.lint.making import said


def test_what_is_wrong_with_a_stage_is_said():
    text = """FROM a:1 AS build
FROM a:1 AS test
COPY --from=biuld a b
COPY --from=later a b
COPY --from=2 a b
COPY --from=9 a b
COPY --from=$STAGE a b
COPY --from=test a b
FROM a:1 AS later
"""

    assert said("DL3022", text) == [
        "3:6 --from=biuld: no earlier stage is named biuld",
        "4:6 --from=later: the stage later comes after this one",
        "5:6 --from=2: the stage 2 comes after this one",
        "6:6 --from=9: stage 9 does not exist",
        "7:6 --from=$STAGE: --from cannot contain variables: $STAGE",
    ]
    assert said("DL3023", text) == ["8:6 --from=test: --from=test refers to the stage itself"]
