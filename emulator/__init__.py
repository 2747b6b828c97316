"""Back end 2: the model to running containers on a Docker engine. Empty until the issue that fills it."""
