"""The checks themselves, by what they are about: each a pure function of the facts, each a row of the table."""
