"""What a worker may use, kept by the kernel, and the capabilities it loses. The rest is watched from outside (grading/usage)."""

from __future__ import annotations

import contextlib
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from course.worker.sandbox import kernel

if sys.platform == "linux":
    import resource  # here, where the zygote does it for every worker

_PR_CAPBSET_DROP, _CAPSET = 24, (126, 91)
# Above all threads of the system, whose every user's are fewer: the watch is what ends a worker with too many.
_THREADS_MARGIN = 4096


@dataclass(frozen=True)
class Limits:
    """What one worker may use. Bytes and seconds of processor time."""

    data: int
    cpu_seconds: int
    address_space: int = 12 << 30
    file_size: int = 64 << 20
    open_files: int = 256


def limit_memory(data: int) -> None:
    """Let this process and those forked from it hold at most so many bytes each; more is a MemoryError.

    Where the system refuses, it goes without: there a worker, too, is refused its limits, and others' code is not run.
    """
    if not kernel.AVAILABLE:
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        bound = data if hard == resource.RLIM_INFINITY else min(data, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def impose(limits: Limits) -> None:
    """Set them for this process, for good."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: limits.data,
        resource.RLIMIT_AS: limits.address_space,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CPU: limits.cpu_seconds,
    }
    with contextlib.suppress(OSError, ValueError, IndexError):  # of the form "0.20 0.18 0.12 1/800 11206"
        threads = int(Path("/proc/loadavg").read_bytes().split()[3].split(b"/")[1])
        wanted[resource.RLIMIT_NPROC] = threads + _THREADS_MARGIN
    for which, value in wanted.items():
        hard = resource.getrlimit(which)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))


def drop_capabilities() -> None:
    """All of them, also from what could be had back; raises SandboxError."""
    for capability in range(64):
        if kernel.prctl(_PR_CAPBSET_DROP, capability):
            break
    header = struct.pack("=II", 0x20080522, 0)
    if kernel.syscall(_CAPSET[kernel.machine()], header, struct.pack("=6I", *[0] * 6)):
        raise kernel.SandboxError("capabilities could not be dropped")
