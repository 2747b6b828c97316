"""State on disk: a stack's database and folders, and the secrets and configs that users created."""
