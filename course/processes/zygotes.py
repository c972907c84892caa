"""The zygotes of a command, and the environment every worker starts in. Light: imports neither NumPy nor pytest."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from course.content import catalog
from course.worker import imports, sandbox, scratch

_LIBRARIES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Matrix products by Eigen, as they are: made for large ones, code for them is generated anew in every worker, 50 ms.
    "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "false",
    "KERAS_BACKEND": "tensorflow",
    "JOBLIB_MULTIPROCESSING": "0",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://course.worker.figures",
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
_ENDING_SECONDS = 10.0


def confined() -> bool:
    """Whether others' code is confined here or else refused: on Linux, unless COURSE_SANDBOX=off says otherwise."""
    return sandbox.AVAILABLE and os.environ.get("COURSE_SANDBOX") != "off"


def problem() -> str | None:
    """Why others' code cannot be confined here, or None."""
    return "COURSE_SANDBOX=off" if os.environ.get("COURSE_SANDBOX") == "off" else sandbox.problem()


def forks() -> bool:
    """Whether workers are forked from a zygote: on Linux, unless COURSE_START=alone says otherwise."""
    return sandbox.AVAILABLE and os.environ.get("COURSE_START") != "alone"


class Zygotes:
    """The zygotes of one command. They end with this process, or when close() closes their sockets.

    With `strict` they fork no worker that cannot be confined wholly (see course.worker.zygote.CONFINE).
    """

    def __init__(self, folder: Path, *, strict: bool, course: catalog.Course | None = None) -> None:
        self._course = course or catalog.catalog()
        self._folder = folder
        self._strict = strict
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, runtime: str, count: int) -> list[socket.socket]:
        """Start one; the near ends of its `count` control sockets."""
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(count)]
        process = start_zygote(
            self._course, runtime, [theirs for _, theirs in pairs], self._folder, strict=self._strict
        )
        self._processes.append(process)
        for _, theirs in pairs:
            theirs.close()
        return [ours for ours, _ in pairs]

    def close(self) -> None:
        """End them and, with them, every worker of theirs."""
        for process in self._processes:
            if not sandbox.ends_with_parent():
                # Its control sockets are closed, so it ends its workers, and then itself.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_ENDING_SECONDS)
            process.kill()
            process.wait()


def start_zygote(
    course: catalog.Course, runtime: str, controls: Sequence[socket.socket], folder: Path, *, strict: bool
) -> subprocess.Popen[bytes]:
    """Start a zygote (course.worker.zygote) that serves these ends of its control sockets."""
    arguments = command("course.worker.zygote", course, strict=strict)
    arguments += [word for name in course.runtimes[runtime].imports for word in ("--import", name)]
    for control in controls:
        arguments += ["--control", str(control.fileno())]
    return subprocess.Popen(
        arguments,
        pass_fds=[control.fileno() for control in controls],
        env=environment(folder),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("COURSE_DEBUG") else subprocess.DEVNULL,
    )


def command(module: str, course: catalog.Course, *, strict: bool) -> list[str]:
    """How to start a module of the learner's side, for learners of a course; `strict` where the code is somebody else's."""
    arguments = [*imports.command(module), "--parent", str(os.getpid())]
    roots = dict.fromkeys([catalog.CONTENT, *course.roots])
    hidden = [root / folder for root in roots for folder in ("solutions", "graders")]
    for secret in (catalog.PACKAGE, *hidden):
        arguments += ["--secret", str(secret)]
    off = os.environ.get("COURSE_SANDBOX") == "off"
    return [*arguments, "--confine", "not" if off else "wholly" if strict and confined() else "partly"]


def environment(home: Path) -> dict[str, str]:
    """What a worker finds in its environment: nothing of the command's own."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        **dict.fromkeys(scratch.VARIABLES, str(home)),
        **imports.variables(),
        **_LIBRARIES,
    }
