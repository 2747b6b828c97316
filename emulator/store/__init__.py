"""State on disk: the database of a stack, its folders, and the secrets and configs that users made."""
