"""The linter's findings as text: one file per format, all pure. `formats.py` lists them."""
