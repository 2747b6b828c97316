"""The linter for Dockerfiles: rules over `grammar/dockerfile`, and their selection, suppression and reports.

Nothing else in grammar, translator or emulator imports it.
"""
