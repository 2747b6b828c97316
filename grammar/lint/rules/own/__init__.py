"""Rules that only we have, in rooms by topic."""
