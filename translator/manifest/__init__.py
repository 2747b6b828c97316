"""Objects to text: YAML, names, labels, quantities and escapes as Kubernetes wants them."""
