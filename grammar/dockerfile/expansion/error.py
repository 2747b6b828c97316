"""The error of a word that cannot be expanded. The only exception that the expansion raises."""


class ExpansionError(Exception):
    """A word that a build would refuse: BuildKit's message, and the offset of the mistake in the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
