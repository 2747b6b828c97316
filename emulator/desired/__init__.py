"""From the model of a stack to its desired state: specs of services, networks, volumes, secrets and nodes."""
