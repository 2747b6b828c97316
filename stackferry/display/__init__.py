"""What is drawn on a terminal while something goes on, and redrawn as it changes."""
