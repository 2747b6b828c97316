"""One module per verb: its options, the one function it calls, how the result is shown."""
