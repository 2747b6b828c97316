"""Runs all benchmarks: `python -m benchmarks`, which is `make bench`. Each is also a script with `--help`."""

from benchmarks import config, lint, startup

config.main([])
print()
startup.main([])
print()
lint.main([])
