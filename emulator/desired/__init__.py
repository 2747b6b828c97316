"""From the model of a stack to what is wanted of it: specs of services, networks, volumes, secrets and nodes."""
