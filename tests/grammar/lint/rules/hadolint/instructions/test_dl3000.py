from tests.grammar.lint.making import marked, said


def test_a_heredoc_ends_at_its_terminator():
    """hadolint #960, #1137: what follows is an instruction."""
    assert said("DL3000", "FROM a:1\nRUN <<EOF\ntrue\nEOF\nWORKDIR app\n") == [
        "5:9 app: the WORKDIR app is relative to the WORKDIR of the base image"
    ]


def test_a_heredoc_holds_data():
    """dockerfile-utils #130: a space before the word changes nothing."""
    text = "FROM a:1\nRUN cat << 'END' > /x\nWORKDIR not-an-instruction\nEND\nWORKDIR app\n"

    assert marked("DL3000", text) == ["5 app"]


def test_a_broken_instruction_hides_nothing():
    """docker/vscode-extension #33."""
    text = "FROM a:1 AS base\nFROM base AS \nWORKDIR app\nEXPOSE 70000\n"

    assert marked("DL3000", text) == ["3 app"]
    assert marked("DL3011", text) == ["4 70000"]


def test_the_first_path_of_a_stage_and_its_parents_counts():
    text = "FROM a:1 AS lower\nWORKDIR /x\nWORKDIR y\nFROM lower\nWORKDIR z\nFROM a:1\nWORKDIR z\nWORKDIR y\n"

    assert marked("DL3000", text) == ["7 z"]
    assert marked("DL3000", text, hadolint=True) == ["3 y", "5 z", "7 z", "8 y"]
