"""How results look: each file turns one kind of value into text. No input or output here."""
