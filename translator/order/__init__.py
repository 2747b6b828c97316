"""Start order: which pods wait for which services (`depends_on`), and the init containers that wait."""
