"""Seeds of the graders' random inputs."""

import secrets


def new_seed() -> int:
    """A seed nobody could know before."""
    return secrets.randbelow(1_000_000_000)
