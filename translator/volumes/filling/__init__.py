"""What claims and folders of a pod begin with: scripts of init containers, seeds, copies of images, commands."""
