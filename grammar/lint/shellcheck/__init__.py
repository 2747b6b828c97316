"""What ShellCheck says of the scripts in RUN, at its place in the Dockerfile. Pure: others run the program.

    Build -> submissions (prelude + script) -> whoever runs ShellCheck -> remarks -> hits
          submission.py, prelude.py                     remark.py      check.py, places.py, directives.py

`check.py` is the way in. `manner.py` says how far we do as hadolint does; `key.py` and `record.py` are for a cache.
"""
