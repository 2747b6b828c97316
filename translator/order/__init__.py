"""Start order: which pods wait for what (`depends_on`), and the init containers that do."""
