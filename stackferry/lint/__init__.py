"""The command around the linter for `stackferry lint`: finds files and configurations, and prints findings."""
