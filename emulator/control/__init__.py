"""What users change and see: service changes, deployments, plans, convergence, events and URLs."""
