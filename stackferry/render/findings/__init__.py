"""What the linter found as text: a file a format, all pure. `formats.py` lists them."""
