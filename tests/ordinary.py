"""Commands run with no more rights than an ordinary user has: for root no file is unreadable, which hides half of what fails."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

import pytest

_PR_CAPBSET_DROP, _CAPABILITIES = 24, 64


def rights() -> Callable[[], None] | None:
    """A preexec_fn after which root has its files, and no rights beyond; None for a user who never had any."""
    if not hasattr(os, "geteuid"):
        pytest.skip("users' rights are POSIX")
    if os.geteuid():
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "prctl"):
        pytest.skip("run as root, and this system has no capabilities to give up")

    def give_up() -> None:
        for capability in range(_CAPABILITIES):
            library.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)

    return give_up
