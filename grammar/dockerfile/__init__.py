"""Dockerfiles: text to a syntax tree with exact places (`parse.py`), and what is known of a build (`facts/`).

Both back ends and the linter build on it. No import of lark, yaml or dataclasses here: a linter starts all the time.
"""
