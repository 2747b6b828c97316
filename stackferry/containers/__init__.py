"""What commands do with running containers: one-off tasks, terminals, archives, logs."""
