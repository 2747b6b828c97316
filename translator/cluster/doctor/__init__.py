"""`doctor --target kube`: what a cluster has and allows, by what its API says to whoever asks; findings of that."""
