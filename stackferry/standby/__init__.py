"""The standby process: has preloaded the modules of frequent commands and runs these at once (docs/design/0012).

start.py -> call.py ---- command line, environment, streams, folder ---> server.py -> the command, in a child
              |  <------ its exit code, or "run it yourself" -----------    ^
              v                                                             | keeps it while a manager runs
            cli.main                                                     keeper.py, in a manager
"""
