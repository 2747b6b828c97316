"""A line of the report, for a person and for a program."""

from stackferry.doctor.check import Check


def test_for_a_person() -> None:
    assert str(Check("disk", "ok", "20 GiB free")) == "ok    disk: 20 GiB free"
    assert str(Check("disk", "FAIL", "none free", "make room")) == "FAIL  disk: none free (make room)"


def test_for_a_program() -> None:
    assert Check("disk", "warn", "little", "make room").row() == {
        "Name": "disk",
        "Status": "warn",
        "Message": "little",
        "Hint": "make room",
    }
