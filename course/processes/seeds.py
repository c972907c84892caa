"""Seeds: of the graders' random inputs, and of the random state the learner's code starts with."""

import functools
import hashlib
import secrets

# Some milliseconds a seed: all of them would take weeks.
_ROUNDS = 10_000


# So many that trying them all against the inputs a worker has seen takes centuries; exact in every program that reads JSON.
MOST = 2**53


def new_seed() -> int:
    """A seed nobody could know before, nor find out."""
    return secrets.randbelow(MOST)


def of_submission(seed: int, source: str | None) -> int:
    """A class's seed for one file that was handed in: the same file is graded alike again, another one on data of its own.

    What a student may have seen of held-out data says nothing of the next try's.
    """
    digest = hashlib.sha256(f"{seed}\n{source or ''}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % MOST


@functools.lru_cache(maxsize=64)
def of_worker(seed: int) -> int:
    """What a worker is seeded with, 32 bits: the same for the same grader's seed, which does not follow from it.

    Whoever knew the grader's seed could draw the held-out labels anew.
    """
    digest = hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"worker", _ROUNDS, dklen=4)
    return int.from_bytes(digest, "big")
