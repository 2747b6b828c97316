"""Expands words: text to tokens (`scan.py`), tokens to pieces of the result (`evaluate.py`).

`pattern.py` has the patterns of `${v#p}` and `${v/p/r}`. The interface for other packages is
`grammar/dockerfile/expand.py`.
"""
