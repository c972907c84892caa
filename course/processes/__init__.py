"""The processes of a check: zygotes and graders, the keeper that keeps them warm, and their seeds."""

import os


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
