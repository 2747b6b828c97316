"""Where the `stackferry` script begins: with the standby process if it has an answer, else with `cli.main`."""

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    from stackferry.standby.call import answer

    code = answer(sys.argv[1:])
    if code is None:
        from stackferry.cli import main as run

        code = run()
    return code
