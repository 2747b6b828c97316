"""Swarm's templates (`{{.Task.Slot}}`): known values are filled in while converting, pods fill in the rest."""
