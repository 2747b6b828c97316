"""ShellCheck's findings in the scripts of RUN, at their places in the Dockerfile. Pure: the caller runs the program.

    Build -> submissions (prelude + script) -> caller runs ShellCheck -> remarks -> hits
          submission.py, prelude.py                     remark.py      check.py, places.py, directives.py

`check.py` is the entry. `manner.py` says how closely we follow hadolint; `key.py` and `record.py` are for a cache.
"""
