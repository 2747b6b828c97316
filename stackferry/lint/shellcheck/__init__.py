"""ShellCheck as a program: where it is, how it is run for all files at once, and what is kept of its answers.

`run.py` is the way in; what is asked and what an answer means is known in `grammar/lint/shellcheck`.
"""
