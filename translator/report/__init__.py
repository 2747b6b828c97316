"""The reports of `explain` and the strict modes: the fate of each key path, and the security controls that are lost."""
