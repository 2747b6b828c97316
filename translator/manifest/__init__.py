"""Objects as text: YAML, names, labels, quantities and escapes as Kubernetes requires them."""
