"""Dockerfiles: parses text to a syntax tree with exact places (`parse.py`), and derives facts of a build (`facts/`).

Both back ends and the linter build on it. Must not import lark, yaml or dataclasses: linters are started often.
"""
