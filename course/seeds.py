"""Seeds: of the graders' random inputs, and of the random state the learner's code starts with."""

import functools
import hashlib
import secrets

# Some milliseconds a seed: all of them would take weeks.
_ROUNDS = 10_000


def new_seed() -> int:
    """A seed nobody could know before."""
    return secrets.randbelow(1_000_000_000)


@functools.lru_cache(maxsize=64)
def of_worker(seed: int) -> int:
    """What a worker is seeded with, 32 bits: the same for the same grader's seed, which does not follow from it.

    Whoever knew the grader's seed could draw the held-out labels anew.
    """
    digest = hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"worker", _ROUNDS, dklen=4)
    return int.from_bytes(digest, "big")
