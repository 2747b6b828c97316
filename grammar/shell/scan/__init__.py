"""The scanner of shell scripts: one pass over the text, a class a layer, each with what the one below it cannot do.

    cursor -> expansion -> parameter -> word -> heredoc -> simple -> compound; `../parse.py` puts lists on top.

It never fails: what is not understood is noted (`Cursor.fail`) and read as plain text. It never goes back over text
without paying from `Cursor.budget`, and it nests no deeper than `cursor.DEEPEST`, so its time is linear.
"""
