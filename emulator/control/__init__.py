"""What users change and see: changes of services, deployments, plans, convergence, events, URLs."""
