"""The command line: parse options, call one function of a lower package, render. Nothing imports this package."""

__version__ = "0.1.0"
