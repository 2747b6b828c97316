"""Which references lead off this machine. We never follow them: a compose file makes us fetch nothing."""

_SCHEMES = ("oci://", "http://", "https://", "git://", "ssh://", "git@", "github.com/")


def is_remote(reference: str) -> bool:
    """Whether docker compose would fetch `reference` from a registry or a Git host."""
    return reference.startswith(_SCHEMES)
