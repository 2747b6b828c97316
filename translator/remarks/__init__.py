"""Notes on what a stack asks for and no manifest can express, once for each place."""
