"""Initial contents of claims and of a pod's folders: scripts of init containers, seeds, copies of images, commands."""
