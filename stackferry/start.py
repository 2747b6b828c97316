"""The entry point of the `stackferry` script: asks the standby process first, else runs `cli.main`."""

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    from stackferry.standby.call import answer

    code = answer(sys.argv[1:])
    if code is None:
        from stackferry.cli import main as run

        code = run()
    return code
