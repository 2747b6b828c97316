"""The scanner of shell scripts: one pass over the text, with one class per layer, each adding to the one below.

    cursor -> expansion -> parameter -> word -> heredoc -> simple -> compound; `../parse.py` puts lists on top.

It never fails: text that it cannot parse is noted (`Cursor.fail`) and read as plain text. Reading text a second time
costs `Cursor.budget`, and nesting is limited by `cursor.DEEPEST`, so its time is linear.
"""
