"""Which stack, service, task, container or payload the words on the command line mean."""
