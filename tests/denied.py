"""Runs a command where chosen system calls fail, as on other systems: python -m tests.denied CALL[=ERRNO]... -- COMMAND...

A real environment, not a mock: the kernel refuses, whoever asks and however. It needs Linux and no privileges, and imports
nothing of the course, so that any interpreter can run it as a file.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

# Number on x86_64 and aarch64, and what a system says that does not have the call.
CALLS = {
    "landlock_create_ruleset": (444, 444, errno.ENOSYS),
    "landlock_add_rule": (445, 445, errno.ENOSYS),
    "landlock_restrict_self": (446, 446, errno.ENOSYS),
    "seccomp": (317, 277, errno.ENOSYS),
    "pidfd_open": (434, 434, errno.ENOSYS),
    "pidfd_send_signal": (424, 424, errno.ENOSYS),
    "prctl": (157, 167, errno.EINVAL),
    "sched_setaffinity": (203, 122, errno.EPERM),
    "capset": (126, 91, errno.EPERM),
    "setrlimit": (160, 164, errno.EPERM),
    "prlimit64": (302, 261, errno.EPERM),
    "setsid": (112, 157, errno.EPERM),
    "unshare": (272, 97, errno.EPERM),
}
GROUPS = {
    "landlock": ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"],
    "pidfd": ["pidfd_open", "pidfd_send_signal"],
}


def command(calls: list[str], *words: str) -> list[str]:
    """The command line that runs `words` without these calls or groups of calls."""
    return [sys.executable, __file__, *calls, "--", *words] if calls else list(words)


def deny(calls: list[str]) -> None:
    """Let these calls fail from now on, in this process and all that it starts."""
    machine = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    program = [(0x20, 0, 0, 0)]  # load the call's number
    for call in calls:
        name, _, chosen = call.partition("=")
        for each in GROUPS.get(name, [name]):
            code = getattr(errno, chosen) if chosen else CALLS[each][2]
            program += [(0x15, 0, 1, CALLS[each][machine]), (0x06, 0, 0, 0x00050000 | code)]
    program.append((0x06, 0, 0, 0x7FFF0000))
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    filter_ = struct.pack("=H6xQ", len(program), ctypes.addressof(buffer))
    # no_new_privs, then PR_SET_SECCOMP with SECCOMP_MODE_FILTER
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.c_char_p(filter_), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter was refused")


if __name__ == "__main__":
    split = sys.argv.index("--")
    deny(sys.argv[1:split])
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])
