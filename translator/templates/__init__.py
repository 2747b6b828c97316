"""Swarm's templates (`{{.Task.Slot}}`): what is known while converting is filled in, the rest is left to the pods."""
