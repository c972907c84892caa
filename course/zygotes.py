"""The zygotes of a command, and the environment every worker starts in. Light: imports neither NumPy nor pytest."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from course import catalog
from course.worker import sandbox

_LIBRARIES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "JOBLIB_MULTIPROCESSING": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    # Large pages where the C library knows how: a zygote's quarter of a gigabyte is forked and cleared away faster.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    # One thread a worker: the models are small, and several workers share the machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "SYSTEMROOT", "PATHEXT", "COMSPEC")


def confined() -> bool:
    """Whether workers are confined here: always on Linux, unless COURSE_SANDBOX=off says otherwise."""
    return sandbox.AVAILABLE and os.environ.get("COURSE_SANDBOX") != "off"


def forks() -> bool:
    """Whether workers are forked from a zygote: on Linux, unless COURSE_START=alone says otherwise."""
    return sandbox.AVAILABLE and hasattr(os, "pidfd_open") and os.environ.get("COURSE_START") != "alone"


class Zygotes:
    """The zygotes of one command. They end with this process, or when close() closes their sockets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, runtime: str, count: int) -> list[socket.socket]:
        """Start one; the near ends of its `count` control sockets."""
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(count)]
        arguments = [*command("course.worker.zygote"), runtime]
        for _, theirs in pairs:
            arguments += ["--control", str(theirs.fileno())]
        process = subprocess.Popen(
            arguments,
            pass_fds=[theirs.fileno() for _, theirs in pairs],
            env=environment(self._folder),
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("COURSE_DEBUG") else subprocess.DEVNULL,
        )
        self._processes.append(process)
        for _, theirs in pairs:
            theirs.close()
        return [ours for ours, _ in pairs]

    def close(self) -> None:
        """End them and, with them, every worker of theirs."""
        for process in self._processes:
            process.kill()
            process.wait()


def command(module: str) -> list[str]:
    """How to start a module of the learner's side."""
    arguments = [sys.executable, "-P", "-m", module, "--parent", str(os.getpid())]
    for secret in (catalog.PACKAGE, catalog.CONTENT / "solutions", catalog.CONTENT / "graders"):
        arguments += ["--secret", str(secret)]
    return arguments if confined() else [*arguments, "--unconfined"]


def environment(home: Path) -> dict[str, str]:
    """What a worker finds in its environment: nothing of the command's own."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        **_LIBRARIES,
    }
