"""A dask cluster on this machine: a scheduler and its workers, as processes of their own with an ordinary user's rights."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import ordinary


@dataclass
class Cluster:
    """Its address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextlib.contextmanager
def cluster(folder: Path, count: int) -> Iterator[Cluster]:
    """So many workers of one thread each, working in a folder; all end with it."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install -e '.[dev]'")
    python = (sys.executable, "-m")
    local = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with subprocess.Popen(
        [*python, "distributed.cli.dask_scheduler", *local], stderr=subprocess.PIPE, text=True
    ) as scheduler:
        assert scheduler.stderr is not None
        line = next(line for line in scheduler.stderr if "Scheduler at" in line)
        command = [*python, "distributed.cli.dask_worker", line.split()[-1], "--nthreads", "1", "--no-nanny"]
        workers = [
            subprocess.Popen(
                [*command, "--no-dashboard"],
                cwd=folder,
                preexec_fn=ordinary.rights(),  # noqa: PLW1509
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(count)
        ]
        try:
            yield Cluster(line.split()[-1], workers)
        finally:
            for each in [*workers, scheduler]:
                each.kill()
            for each in workers:
                each.wait()
