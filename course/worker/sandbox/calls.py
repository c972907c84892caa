"""The system calls a worker may make, each with its reason; every other one is denied.

Recorded from all reference solutions and their variants, with what other versions of Python, NumPy, TensorFlow and the C
library reasonably need. A filter sees numbers, not what they point to: paths are Landlock's (see landlock.py), and what would
reach past Landlock (modes, owners, times, attributes, locks, leases, watches of files; semaphores, queues, shared memory;
space that is reserved) is not in the table, or answered without being done.
"""

from __future__ import annotations

from typing import NamedTuple

# Names and numbers as in the kernel's headers.
ENOSYS, ENOTSUP = 38, 95
OWN_PROCESS = -1  # stands for the worker's own process id among a check's values


class Check(NamedTuple):
    """A condition on one argument: its lower half (or `upper`), as far as `mask` covers it, is (not) among the values."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    among: bool = True
    upper: bool = False


class Call(NamedTuple):
    """One system call: its numbers (-1 where there is none), why it is here, and on which conditions.

    With `answer` it is not made: 0 pretends success, anything else is the error. `pretended` does so under a condition.
    """

    name: str
    x86_64: int
    aarch64: int
    reason: str
    checks: tuple[Check, ...] = ()
    pretended: tuple[Check, ...] = ()
    answer: int | None = None


# What pthread_create asks for: a thread (0x10000) ends with its process, and its descriptors (0x400) are the process' own, where
# they are counted.
_THREAD = Check(0, (0x10F00,), mask=0x10F00)
_CLOSING = Check(2, (0, 4))  # not CLOSE_RANGE_UNSHARE, which gives a thread descriptors of its own
_CLOCKS = Check(0, tuple(range(12)))  # not those of other processes' time
_OWN = Check(0, (OWN_PROCESS,))
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
_TERMINALS = Check(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A))
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC; not owners, signals, leases, watches, sizes of pipes
_DESCRIPTORS = Check(1, (0, 1, 2, 3, 4, 1030))
# F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW: a lock on a shared file would be seen by other workers.
_LOCKS = Check(1, (6, 7, 37, 38))
# NORMAL to WILLNEED, DONTNEED, FREE, HUGEPAGE to DODUMP, WIPEONFORK, POPULATE_READ and _WRITE, GUARD_INSTALL and _REMOVE
_ADVICE = Check(2, (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18, 22, 23, 102, 103))
# GET_DUMPABLE, SET_NAME, GET_NAME, SVE_GET_VL, SME_GET_VL, SET_VMA
_PROPERTIES = Check(0, (3, 15, 16, 51, 64, 0x53564D41))
_READING_LIMITS = (Check(0, (0, OWN_PROCESS)), Check(2, (0,)), Check(2, (0,), upper=True))
# Shared memory without a file and stacks that grow are outside the data limit; locked and huge pages are everybody's.
_MAPPING = (
    Check(3, (1, 2), mask=0x0F),  # MAP_SHARED, MAP_PRIVATE
    Check(3, (0x21,), mask=0x21, among=False),  # MAP_SHARED | MAP_ANONYMOUS
    Check(3, (0,), mask=0x42100),  # MAP_GROWSDOWN, MAP_LOCKED, MAP_HUGETLB
)


def _opening(argument: int) -> tuple[Check, ...]:
    # Older Landlock versions judge a file by how it is opened: neither for reading nor for writing (3), or only for reading
    # and yet truncated, is not judged.
    return (Check(argument, (0, 1, 2), mask=3), Check(argument, (0x200,), mask=0x203, among=False))


CALLS = (
    # What is open: the channel, the output, libraries, files of the scratch folder
    Call("read", 0, 63, "the channel, files"),
    Call("write", 1, 64, "the channel, output, files"),
    Call("close", 3, 57, "everything that was opened"),
    Call("fstat", 5, 80, "Python's open()"),
    Call("lseek", 8, 62, "Python's open(), NumPy, HDF5"),
    Call("ioctl", 16, 29, "Python's open() asks what is a terminal", checks=(_TERMINALS,)),
    Call(
        "fcntl",
        72,
        25,
        "duplicates in os.scandir, HDF5; SQLite's locks are pretended",
        checks=(_DESCRIPTORS,),
        pretended=(_LOCKS,),
    ),
    Call("readv", 19, 65, "streams of C++"),
    Call("writev", 20, 66, "streams of C++"),
    Call("pread64", 17, 67, "the loader, NumPy, TensorFlow, HDF5"),
    Call("pwrite64", 18, 68, "HDF5, SQLite"),
    Call("ftruncate", 77, 46, "numpy.memmap, HDF5, zipfile"),
    Call("fsync", 74, 82, "careful saving"),
    Call("fdatasync", 75, 83, "SQLite"),
    Call("dup", 32, 23, "os.fdopen of a copy"),
    Call("dup2", 33, -1, "redirecting output within the process"),
    Call("dup3", 292, 24, "redirecting output within the process"),
    Call("close_range", 436, 436, "os.closerange", checks=(_CLOSING,)),
    Call("sendfile", 40, 71, "shutil.copyfile"),
    Call("copy_file_range", 326, 285, "shutil.copyfile of Python 3.14"),
    Call("pipe", 22, -1, "threads waking each other, multiprocessing's ThreadPool"),
    Call("pipe2", 293, 59, "threads waking each other, multiprocessing's ThreadPool"),
    Call("poll", 7, -1, "waiting for such a pipe"),
    Call("ppoll", 271, 73, "waiting for such a pipe"),
    Call("select", 23, -1, "waiting for such a pipe"),
    Call("pselect6", 270, 72, "waiting for such a pipe"),
    # Paths: which, Landlock decides
    Call("open", 2, -1, "C libraries without openat", checks=_opening(1)),
    Call("openat", 257, 56, "imports, files", checks=_opening(2)),
    Call("stat", 4, -1, "imports in older C libraries"),
    Call("lstat", 6, -1, "imports in older C libraries"),
    Call("newfstatat", 262, 79, "imports, os.path"),
    Call("statx", 332, 291, "imports in newer C libraries"),
    Call("access", 21, -1, "TensorFlow looks for a graphics driver"),
    Call("faccessat", 269, 48, "os.access, shutil.which"),
    Call("faccessat2", 439, 439, "os.access in newer C libraries"),
    Call("readlink", 89, -1, "TensorFlow asks where it runs"),
    Call("readlinkat", 267, 78, "os.path.realpath"),
    Call("getdents64", 217, 61, "imports, glob"),
    Call("getcwd", 79, 17, "relative imports, os.path.abspath"),
    Call("chdir", 80, 49, "code that works within a folder of its own"),
    Call("fchdir", 81, 50, "code that works within a folder of its own"),
    Call("mkdir", 83, -1, "tempfile, Keras' archives"),
    Call("mkdirat", 258, 34, "tempfile, Keras' archives"),
    Call("rmdir", 84, -1, "tempfile, Keras' archives"),
    Call("unlink", 87, -1, "tempfile, checkpoints"),
    Call("unlinkat", 263, 35, "shutil.rmtree, Keras' archives"),
    Call("rename", 82, -1, "checkpoints"),
    Call("renameat", 264, 38, "checkpoints"),
    Call("renameat2", 316, 276, "checkpoints in newer C libraries"),
    Call("umask", 95, 166, "modes of one's own new files"),
    # Memory
    Call("brk", 12, 214, "malloc"),
    Call("mmap", 9, 222, "malloc, libraries, numpy.memmap", checks=_MAPPING),
    Call("munmap", 11, 215, "malloc"),
    Call("mremap", 25, 216, "realloc"),
    Call("mprotect", 10, 226, "malloc, the loader, compiled regular expressions"),
    Call("madvise", 28, 233, "malloc gives pages back, large pages", checks=(_ADVICE,)),
    Call("msync", 26, 227, "numpy.memmap.flush"),
    Call("membarrier", 324, 283, "lock-free queues of TensorFlow's allocator"),
    # Threads
    Call("clone", 56, 220, "threads, never processes", checks=(_THREAD,)),
    Call("exit", 60, 93, "the end of a thread"),
    Call("exit_group", 231, 94, "the end of the process"),
    Call("futex", 202, 98, "every lock"),
    Call("futex_waitv", 449, 449, "locks of newer libraries"),
    Call("set_robust_list", 273, 99, "the start of a thread"),
    Call("rseq", 334, 293, "the start of a thread"),
    Call("set_tid_address", 218, 96, "the start of a thread"),
    Call("arch_prctl", 158, -1, "matrix units are asked for by oneDNN"),
    Call("prctl", 157, 167, "names of threads and of memory", checks=(_PROPERTIES,)),
    Call("gettid", 186, 178, "TensorFlow's locks"),
    Call("sched_yield", 24, 124, "spinning locks"),
    Call("sched_getaffinity", 204, 123, "how many cores there are"),
    Call("sched_getparam", 143, 121, "the start of a thread with the attributes of another"),
    Call("sched_getscheduler", 145, 120, "the start of a thread with the attributes of another"),
    Call("getcpu", 309, 168, "where the kernel offers no quicker way"),
    Call("rt_sigaction", 13, 134, "handlers, faulthandler"),
    Call("rt_sigprocmask", 14, 135, "the start of a thread"),
    Call("rt_sigreturn", 15, 139, "the end of a handler"),
    Call("rt_sigpending", 127, 136, "Python's signal module"),
    Call("rt_sigtimedwait", 128, 137, "Python's signal module"),
    Call("sigaltstack", 131, 132, "faulthandler, the start of a thread"),
    Call("kill", 62, 129, "signals to this process: os.kill(os.getpid(), ...)", checks=(_OWN,)),
    Call("tgkill", 234, 131, "signals to this process: abort(), signal.raise_signal", checks=(_OWN,)),
    Call("restart_syscall", 219, 128, "sleeping goes on after a handler"),
    # Time
    Call("clock_gettime", 228, 113, "where the kernel offers no quicker way", checks=(_CLOCKS,)),
    Call("clock_getres", 229, 114, "time.get_clock_info", checks=(_CLOCKS,)),
    Call("gettimeofday", 96, 169, "where the kernel offers no quicker way"),
    Call("time", 201, -1, "where the kernel offers no quicker way"),
    Call("clock_nanosleep", 230, 115, "time.sleep", checks=(_CLOCKS,)),
    Call("nanosleep", 35, 101, "sleeping in older libraries"),
    # What this process may know of itself and of the machine
    Call("getpid", 39, 172, "names of temporary files"),
    Call("getppid", 110, 173, "os.getppid"),
    Call("getuid", 102, 174, "os.path.expanduser"),
    Call("geteuid", 107, 175, "tarfile"),
    Call("getgid", 104, 176, "os.getgid"),
    Call("getegid", 108, 177, "os.getegid"),
    Call("getgroups", 115, 158, "os.getgroups"),
    Call("getrusage", 98, 165, "resource, the time a training took"),
    Call("times", 100, 153, "os.times"),
    Call("getrlimit", 97, 163, "limits are read in older libraries"),
    Call("prlimit64", 302, 261, "limits are read, never set", checks=_READING_LIMITS),
    Call("uname", 63, 160, "TensorFlow, platform"),
    Call("sysinfo", 99, 179, "TensorFlow asks for the memory's size"),
    Call("getrandom", 318, 278, "random, numpy.random, tempfile"),
    # Answered with success and without effect, as honest code would fail otherwise
    Call("chmod", 90, -1, "shutil.copy, shutil.copytree", answer=0),
    Call("fchmod", 91, 52, "tempfile, shutil", answer=0),
    Call("fchmodat", 268, 53, "pathlib, tarfile", answer=0),
    Call("fchmodat2", 452, 452, "the same in newer C libraries", answer=0),
    Call("utime", 132, -1, "shutil.copy2 in older C libraries", answer=0),
    Call("utimes", 235, -1, "shutil.copy2 in older C libraries", answer=0),
    Call("futimesat", 261, -1, "shutil.copy2 in older C libraries", answer=0),
    Call("utimensat", 280, 88, "shutil.copy2, Path.touch, zipfile, tarfile", answer=0),
    Call(
        "flock",
        73,
        32,
        "HDF5 locks every file it opens; locks on shared files would be seen by others",
        answer=0,
    ),
    Call(
        "fadvise64",
        221,
        223,
        "reading ahead; it would also drop what others have in the page cache",
        answer=0,
    ),
    Call("mbind", 237, 235, "OpenBLAS wishes for near memory", answer=0),
    # Nothing here has attributes, and none can be given
    Call("getxattr", 191, 8, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("lgetxattr", 192, 9, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("fgetxattr", 193, 10, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("listxattr", 194, 11, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("llistxattr", 195, 12, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("flistxattr", 196, 13, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("setxattr", 188, 5, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("lsetxattr", 189, 6, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("fsetxattr", 190, 7, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("removexattr", 197, 14, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("lremovexattr", 198, 15, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    Call("fremovexattr", 199, 16, "shutil.copystat passes over what is not supported", answer=ENOTSUP),
    # Answered as if the kernel were older
    Call(
        "clone3",
        435,
        435,
        "its flags lie in memory, which no filter reads; the C library takes clone",
        answer=ENOSYS,
    ),
    Call("openat2", 437, 437, "its flags lie in memory, too; openat stands in", answer=ENOSYS),
)

# The highest number of a kernel that was known when the table was written: a newer call is answered with ENOSYS, so that a
# newer C library falls back; every other one that is not in the table with EPERM.
NEWEST = 469
