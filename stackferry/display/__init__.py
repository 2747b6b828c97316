"""Progress displays: what is drawn on a terminal during an operation and redrawn as it changes."""
