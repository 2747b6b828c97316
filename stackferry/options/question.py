"""Asking whoever sits at the terminal."""


def confirmed(question: str) -> bool:
    """Whether somebody says yes. Asked on standard error; an end of the input is an interrupt."""
    # Here, because few runs ask.
    import typer

    return typer.confirm(question, err=True)
