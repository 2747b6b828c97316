"""Rules with hadolint's ids and meanings, in rooms by what they look at."""
