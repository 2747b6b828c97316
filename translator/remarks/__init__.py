"""What a stack asks for that no manifest can say, told once for each place."""
