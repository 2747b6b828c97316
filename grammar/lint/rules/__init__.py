"""The rules, in rooms: `hadolint/`, `buildkit/`, `security/` and `own/`, and rooms by topic inside them.

`grammar/lint/catalogue.py` lists the rooms; `grammar/lint/rule.py` says what a room has.
"""
