"""Asks the user at the terminal for confirmation."""


def confirmed(question: str) -> bool:
    """Whether the user confirms. Asks on standard error; end of input counts as an interrupt."""
    # Imported here, because few runs ask.
    import typer

    return typer.confirm(question, err=True)
