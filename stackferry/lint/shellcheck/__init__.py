"""ShellCheck as a program: finds it, runs it for all files at once, and caches its answers.

`run.py` is the entry point; `grammar/lint/shellcheck` has the questions and the meaning of the answers.
"""
