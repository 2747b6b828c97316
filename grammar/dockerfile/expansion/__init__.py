"""How a word is expanded: text to tokens (`scan.py`), tokens to pieces of the result (`evaluate.py`).

`pattern.py` has the patterns of `${v#p}` and `${v/p/r}`. What other packages call is in `grammar/dockerfile/expand.py`.
"""
