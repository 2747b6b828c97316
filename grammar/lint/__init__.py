"""The linter for Dockerfiles: rules over `grammar/dockerfile`, and what chooses, silences and reports them.

Nothing else in grammar, translator or emulator imports it.
"""
