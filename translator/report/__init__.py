"""What `explain` and the strict modes tell: the fate of each key path, and the security controls that are lost."""
