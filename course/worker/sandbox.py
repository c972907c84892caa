"""What a worker gives up before it reads a learner's code: limits, capabilities, files, network, processes.

Linux only, no privileges needed. Everything here fails closed: what cannot be set up raises SandboxError. Landlock takes away
files, TCP, abstract sockets, signals and ptrace towards the outside; seccomp takes away sockets, new processes, shared
memory and the calls that reach into other processes. See landlock(7), seccomp(2), capabilities(7).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

AVAILABLE = sys.platform == "linux"

_SYSCALLS = {"x86_64": 0, "aarch64": 1}
_AUDIT_ARCH = (0xC000003E, 0xC00000B7)

# name: number on (x86_64, aarch64); -1 where the call does not exist
_DENIED = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "socketpair": (53, 199),
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "setpriority": (141, 140),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "personality": (135, 92),
    "modify_ldt": (154, -1),
    "seccomp": (317, 277),
}
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_KILL = (62, 129)
_TGKILL = (234, 131)
_PRCTL = (157, 167)
_PRLIMIT = (302, 261)

_EPERM, _ENOSYS = 1, 38
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 1, 38, 24
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR, _WRITE_FILE, _TRUNCATE = 1 << 2, 1 << 3, 1 << 1, 1 << 14
_MAKE_AND_REMOVE = (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8)

_libc = ctypes.CDLL(None, use_errno=True) if AVAILABLE else None


class SandboxError(RuntimeError):
    """The system cannot confine a worker."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use. Bytes and seconds of processor time."""

    data: int
    cpu_seconds: int
    address_space: int = 12 << 30
    file_size: int = 64 << 20
    open_files: int = 256


def apply(limits: Limits, scratch: Path, readable: list[tuple[str, bool]]) -> None:
    """Confine this process for good. `readable` comes from readable_paths(); `scratch` is the one writable folder."""
    if not AVAILABLE:
        raise SandboxError("only Linux can confine a worker")
    _limit(limits)
    _drop_capabilities()
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1):
        raise SandboxError("no_new_privs was refused")
    _landlock(scratch, readable)
    _seccomp()


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; leave at once where it already has."""
    if not AVAILABLE:
        return  # a worker there ends when its channel closes
    _prctl(_PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(1)


def problem() -> str | None:
    """Why a worker cannot be confined here, or None."""
    if not AVAILABLE:
        return "this system is not Linux"
    if platform.machine() not in _SYSCALLS:
        return f"no system call table for {platform.machine()}"
    if _landlock_version() < 1:
        return "the kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules)"
    return None


def readable_paths(secrets: list[Path]) -> list[tuple[str, bool]]:
    """Files and folders a worker may read, each with whether everything below it counts too.

    That is Python, its packages and the system's libraries, less the folders `secrets`, wherever they lie.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    roots = {sysconfig.get_path(name) for name in names}
    roots |= {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    roots |= {os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64")}
    roots |= {
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/share/zoneinfo",
        "/sys/devices/system",
    }
    roots |= {
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/dev/urandom",
        "/dev/random",
    }
    granted: dict[str, bool] = {}
    hidden = [str(secret.resolve()) for secret in secrets]
    for root in sorted({os.path.realpath(root) for root in roots}):
        _grant(root, hidden, granted)
    return sorted(granted.items())


def _grant(path: str, hidden: list[str], granted: dict[str, bool]) -> None:
    if not os.path.exists(path) or any(
        path == secret or path.startswith(secret + os.sep) for secret in hidden
    ):
        return
    if not any(secret.startswith(path + os.sep) for secret in hidden):
        granted[path] = True
        return
    # A hidden folder lies below: its names can be listed (imports need the listing), its files cannot be read.
    granted[path] = False
    for entry in os.scandir(path):
        _grant(os.path.realpath(entry.path), hidden, granted)


def _limit(limits: Limits) -> None:
    import resource

    for which, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits.data),
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
    ):
        hard = resource.getrlimit(which)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))


def _drop_capabilities() -> None:
    for capability in range(64):
        if _prctl(_PR_CAPBSET_DROP, capability):
            break
    header = struct.pack("=II", 0x20080522, 0)
    number = (126, 91)[_SYSCALLS[platform.machine()]]
    if _syscall(number, header, struct.pack("=6I", *[0] * 6)):
        raise SandboxError("capabilities could not be dropped")


def _landlock_version() -> int:
    return max(0, _syscall(_LANDLOCK_CREATE, None, 0, 1))


def _landlock(scratch: Path, readable: list[tuple[str, bool]]) -> None:
    version = _landlock_version()
    if version < 1:
        raise SandboxError(problem() or "no Landlock")
    files = (1 << 13) - 1
    files |= 1 << 13 if version >= 2 else 0
    files |= 1 << 14 if version >= 3 else 0
    files |= 1 << 15 if version >= 5 else 0
    attributes = struct.pack("=Q", files)
    if version >= 4:
        attributes += struct.pack("=Q", 3)
    if version >= 6:
        attributes += struct.pack("=Q", 3)
    ruleset = _syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        raise SandboxError("Landlock refused a rule set")
    writable = (_READ_FILE | _READ_DIR | _WRITE_FILE | _TRUNCATE | _MAKE_AND_REMOVE) & files
    for path, whole in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR if whole else _READ_DIR)
    _allow(ruleset, f"/proc/{os.getpid()}", _READ_FILE | _READ_DIR)
    _allow(ruleset, "/dev/null", (_READ_FILE | _WRITE_FILE | _TRUNCATE) & files)
    _allow(ruleset, str(scratch), writable)
    if _syscall(_LANDLOCK_RESTRICT, ruleset, 0):
        raise SandboxError("Landlock refused to restrict this process")
    os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # gone since it was listed: then there is nothing to allow
    try:
        if not os.path.isdir(path):
            access &= ~_READ_DIR
        if access and _syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, target), 0):
            raise SandboxError(f"Landlock refused a rule for {path}")
    finally:
        os.close(target)


def _seccomp() -> None:
    which = _SYSCALLS.get(platform.machine())
    if which is None:
        raise SandboxError(problem() or "unknown machine")
    program = _filter(which, os.getpid())
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code)
    fprog = struct.pack("=H6xQ", len(program), ctypes.addressof(buffer))
    if _syscall((317, 277)[which], 1, 1, fprog):  # SET_MODE_FILTER on every thread (TSYNC)
        raise SandboxError("seccomp refused the filter")


def _filter(which: int, pid: int) -> list[tuple[int, int, int, int]]:
    """The BPF program: denied calls fail with EPERM, clone only makes threads, signals only reach this process."""
    deny, absent, allow = (
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),
        (_RETURN, 0, 0, _ALLOW),
    )
    number, arch, argument = (_LOAD, 0, 0, 0), (_LOAD, 0, 0, 4), (_LOAD, 0, 0, 16)
    program = [arch, (_JUMP_EQ, 1, 0, _AUDIT_ARCH[which]), deny, number]
    if which == 0:
        program += [(_JUMP_GE, 0, 1, 0x40000000), deny]  # the x32 table
    for numbers in _DENIED.values():
        if numbers[which] >= 0:
            program += [(_JUMP_EQ, 0, 1, numbers[which]), deny]
    # glibc falls back from clone3, whose flags a filter cannot see, to clone.
    program += [(_JUMP_EQ, 0, 1, _CLONE3[which]), absent]
    program += [(_JUMP_EQ, 0, 4, _CLONE[which]), argument, (_JUMP_SET, 1, 0, 0x10000), deny, allow]
    for own in (_KILL, _TGKILL):
        program += [(_JUMP_EQ, 0, 4, own[which]), argument, (_JUMP_EQ, 1, 0, pid), deny, allow]
    program += [(_JUMP_EQ, 0, 4, _PRCTL[which]), argument, (_JUMP_EQ, 0, 1, _PR_SET_PDEATHSIG), deny, allow]
    program += [(_JUMP_EQ, 0, 5, _PRLIMIT[which]), argument]
    program += [(_JUMP_EQ, 2, 0, 0), (_JUMP_EQ, 1, 0, pid), deny, allow]
    return [*program, allow]


def _prctl(option: int, value: int) -> int:
    return _syscall((157, 167)[_SYSCALLS.get(platform.machine(), 0)], option, value, 0, 0, 0)


def _syscall(number: int, *arguments: bytes | int | None) -> int:
    assert _libc is not None
    converted = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a or 0) for a in arguments]
    _libc.syscall.restype = ctypes.c_long
    return int(_libc.syscall(ctypes.c_long(number), *converted))
