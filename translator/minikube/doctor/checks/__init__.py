"""The checks by subject: each is a pure function of the facts, and a row of the table."""
