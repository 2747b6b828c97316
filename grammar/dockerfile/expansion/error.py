"""Why a word cannot be expanded. Every step of the expansion raises this, and nothing else."""


class ExpansionError(Exception):
    """A word that a build would refuse: BuildKit's message, and the offset in the text of what it is about."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
