"""The sandbox: the table of system calls, what it denies and to whom, what honest code may still do, on any Landlock version."""

# The system's own calls are what is tried.
# ruff: noqa: PTH101, PTH102, PTH104, PTH105, PTH108, PTH211, SIM115

from __future__ import annotations

import contextlib
import csv
import ctypes
import errno
import fcntl
import mmap
import os
import pickle
import platform
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.processes import zygotes
from course.worker import sandbox
from course.worker.sandbox import filter as calls_filter
from course.worker.sandbox import landlock
from course.worker.sandbox.calls import CALLS, NEWEST
from tests.confined import NOBODY, confined, forked, open_folder, users

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

COLUMNS = {"x86_64": 0, "aarch64": 1}
HERE = COLUMNS.get(platform.machine(), 0)
ALLOWED, ERROR = 0x7FFF0000, 0x00050000
VERSIONS = range(1, max(2, landlock.version() + 1 if sandbox.AVAILABLE else 2))
AT_FDCWD = -100
# uretprobe and uprobe pass every filter: they end a process that no probe is on.
UNFILTERED = (335, 336) if HERE == 0 else ()


def number(call: Any, column: int = HERE) -> int:
    return (call.x86_64, call.aarch64)[column]


# The table


def test_every_call_has_its_numbers_and_a_reason():
    for column in COLUMNS.values():
        numbers = [number(call, column) for call in CALLS if number(call, column) >= 0]
        assert len(numbers) == len(set(numbers))
        assert max(numbers) <= NEWEST
    assert len({call.name for call in CALLS}) == len(CALLS)
    for call in CALLS:
        assert len(call.reason) >= 5, call.name
        assert call.x86_64 >= 0 or call.aarch64 >= 0, call.name


HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_the_numbers_are_the_kernels(column):
    if not HEADERS[column].exists():
        pytest.skip(f"the kernel's headers are not installed: {HEADERS[column]}")
    text = HEADERS[column].read_text(encoding="utf-8")
    named = dict(re.findall(r"#define (__NR\w+)\s+(\w+)", text))
    for call in CALLS:
        value = named.get(f"__NR_{call.name}", "-1")
        value = named.get(value, value)
        if value.lstrip("-").isdigit() and (value != "-1" or number(call, column) < 424):
            assert number(call, column) == int(value), call.name


def answer(program: list[tuple[int, int, int, int]], column: int, call: int, *arguments: int) -> int:
    """What the filter's program says of a call: a few lines of BPF, so that the other machine's is tried as well."""
    words = {0: call, 4: (0xC000003E, 0xC00000B7)[column]}
    for place, value in enumerate((*arguments, *[0] * 6)[:6]):
        words |= {16 + 8 * place: value & 0xFFFFFFFF, 20 + 8 * place: value >> 32 & 0xFFFFFFFF}
    register = step = 0
    while True:
        code, found, missed, value = program[step]
        step += 1
        if code == 0x20:
            register = words[value]
        elif code == 0x54:
            register &= value
        elif code == 0x15:
            step += found if register == value else missed
        elif code == 0x35:
            step += found if register >= value else missed
        else:
            assert code == 0x06
            return value


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_only_the_table_is_allowed(column):
    program = calls_filter.program(column, 4242)
    assert len(program) < 4096
    listed = {number(call, column): call for call in CALLS}
    for call in range(700):
        said = answer(program, column, call)
        if call > NEWEST:
            assert said == ERROR | errno.ENOSYS
        elif call not in listed:
            assert said == ERROR | errno.EPERM, call
        elif listed[call].answer is not None:
            assert said == ERROR | listed[call].answer, call
        elif not listed[call].checks:
            assert said == ALLOWED, call
        assert answer(program, column, call | 0x40000000) == ERROR | errno.EPERM
    for other in (0x40000003, 0xC00000B7 if not column else 0xC000003E):
        denied = [(0x20, 0, 0, 0), *program[1:]]  # the machine is read from the number's place
        assert answer(denied, column, other) == ERROR | errno.EPERM


CONDITIONS = {
    "clone": [([0x3D0F00], True), ([0x11], False), ([0], False), ([0x4111], False), ([0x10B00], False), ([0x10D00], False)],
    "close_range": [([3, 9, 0], True), ([3, 9, 4], True), ([3, 9, 2], False), ([3, 9, 6], False)],
    "clock_gettime": [([3], True), ([-6], False), ([-34], False)],
    "clock_getres": [([0], True), ([-6], False)],
    "clock_nanosleep": [([1], True), ([-6], False)],
    "kill": [([4242, 9], True), ([1, 9], False), ([0, 9], False), ([-1, 9], False)],
    "tgkill": [([4242, 4243, 9], True), ([1, 1, 9], False)],
    "prctl": [([15], True), ([1], False), ([22], False), ([35], False), ([0x59616D61], False), ([4], False)],
    "prlimit64": [([0, 7, 0], True), ([4242, 7, 0], True), ([1, 7, 0], False), ([0, 7, 1], False), ([0, 7, 1 << 40], False)],
    "mmap": [
        ([0, 1, 3, 0x22], True),
        ([0, 1, 3, 0x1], True),
        ([0, 1, 3, 0x20022], True),
        ([0, 1, 3, 0x21], False),
        ([0, 1, 3, 0x23], False),
        ([0, 1, 3, 0x122], False),
        ([0, 1, 3, 0x2022], False),
        ([0, 1, 3, 0x40022], False),
        ([0, 1, 3, 0x28], False),
    ],
    "openat": [([0, 0, 0], True), ([0, 0, 0x241], True), ([0, 0, 0x200], False), ([0, 0, 3], False), ([0, 0, 0x203], False)],
    "madvise": [([0, 0, 4], True), ([0, 0, 12], False), ([0, 0, 21], False), ([0, 0, 100], False)],
    "ioctl": [([0, 0x5401], True), ([0, 0x5412], False), ([0, 0x40086602], False), ([0, 0x8901], False)],
    "fcntl": [([0, 1030], True), ([0, 8], False), ([0, 10], False), ([0, 15], False), ([0, 1024], False), ([0, 1026], False),
              ([0, 1031], False), ([0, 1036], False), ([0, 5], False)],
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_conditions_on_arguments(column):
    program = calls_filter.program(column, 4242)
    listed = {call.name: call for call in CALLS}
    for name, cases in CONDITIONS.items():
        for arguments, allowed in cases:
            said = answer(program, column, number(listed[name], column), *arguments)
            assert said == (ALLOWED if allowed else ERROR | errno.EPERM), (name, arguments)
    assert answer(program, column, number(listed["fcntl"], column), 0, 6) == ERROR  # a lock, pretended
    with_conditions = {call.name for call in CALLS if call.checks}
    assert with_conditions <= {*CONDITIONS, "open"}


# In the kernel, as root and as an ordinary user


class Place:
    """A scratch folder, and files beside it that a worker may read, all of one user's."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.folder = open_folder(user)
        self.scratch, self.outside = self.folder / "scratch", self.folder / "outside"
        forked(self._fill, user=user)

    def _fill(self) -> None:
        self.scratch.mkdir()
        (self.outside / "inner").mkdir(parents=True)
        (self.outside / "file").write_text("precious", encoding="utf-8")

    def run(self, code: Callable[[], Any], **options: Any) -> Any:
        """What `code` returns in the sandbox; nothing outside has changed then."""
        before = self._state()
        value = confined(code, self.scratch, user=self.user, readable=self.outside, **options)
        assert self._state() == before
        return value

    def _state(self) -> dict[str, Any]:
        def of(path: Path) -> list[Any]:
            found = path.lstat()
            kept = [
                found.st_mode,
                found.st_uid,
                found.st_gid,
                found.st_nlink,
                found.st_mtime_ns,
                found.st_ctime_ns,
            ]
            try:
                kept.append(os.listxattr(path))
            except OSError:
                kept.append(None)
            return [*kept, path.read_bytes() if path.is_file() else sorted(os.listdir(path))]

        paths = [self.outside, *self.outside.rglob("*"), self.folder]
        return {str(path): of(path) for path in paths}


@pytest.fixture(params=users())
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    made = Place(request.param)
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


def raw(call: int, *arguments: Any) -> int:
    """0 or more, or the error's number negative, of a system call by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(libc.syscall(ctypes.c_long(call), *wide))
    return result if result >= 0 else -ctypes.get_errno()


def test_a_system_that_can_confine_says_so(place):
    place.run(lambda: None)
    assert sandbox.problem() is None


def test_a_thread_that_runs_already_is_never_left_out(place):
    def code() -> str:
        lock = threading.Lock()
        with lock:
            threading.Thread(target=lock.acquire, daemon=True).start()
            try:
                sandbox.apply(sandbox.Limits(data=2 << 30, cpu_seconds=60), place.scratch, [])
            except sandbox.SandboxError as error:
                return str(error)
        return "confined"

    assert "thread" in forked(code, user=place.user)


def test_every_other_number_called_with_anything(place):
    """What the table does not allow is denied, whatever it is given, and the process goes on."""
    open_ones = {number(call) for call in CALLS if call.answer is None}
    path = str(place.outside / "file").encode()
    parent = os.getpid()

    def code() -> dict[str, list[int]]:
        file = os.open(path, os.O_RDONLY)
        room = ctypes.create_string_buffer(4096)
        kinds = [
            (0, 0, 0, 0, 0, 0),
            (path, 0o777, 0, 0, 0, 0),
            (AT_FDCWD, path, 0o777, 0, 0, 0),
            (path, path, 0, 0, 0, 0),
            (AT_FDCWD, path, AT_FDCWD, path, 0, 0),
            (file, 0, 0, 4096, 0, 0),
            (file, room, 4096, 0, 0, 0),
            (parent, 9, room, room, 0, 0),
            (0, 1, 0o1600, 0, 0, 0),
            (room, 4096, 0, 0, 0, 0),
            (-1, -1, -1, -1, -1, -1),
        ]
        return {
            str(call): sorted({raw(call, *arguments) for arguments in kinds})
            for call in range(601)
            if call not in open_ones and call not in UNFILTERED
        }

    said = place.run(code)
    answered = {number(call): -call.answer for call in CALLS if call.answer is not None}
    assert len(said) > 400
    for call, results in said.items():
        usual = -errno.ENOSYS if int(call) > NEWEST else -errno.EPERM
        assert results == [answered.get(int(call), usual)], f"{call}: {results}"


ATTACKS: dict[str, Callable[[Path], Any]] = {
    "chmod of a file": lambda outside: os.chmod(outside / "file", 0),
    "chmod of a folder": lambda outside: os.chmod(outside, 0),
    "chmod of the folder around": lambda outside: os.chmod(outside.parent, 0),
    "fchmod": lambda outside: os.fchmod(os.open(outside / "file", os.O_RDONLY), 0),
    "fchmod of a folder": lambda outside: os.fchmod(os.open(outside, os.O_RDONLY), 0),
    "utime": lambda outside: os.utime(outside / "file", (1, 1)),
    "utime of a descriptor": lambda outside: os.utime(os.open(outside / "file", os.O_RDONLY), (1, 1)),
    "lock": lambda outside: fcntl.flock(os.open(outside / "file", os.O_RDONLY), fcntl.LOCK_SH),
    "record lock": lambda outside: fcntl.lockf(os.open(outside / "file", os.O_RDONLY), fcntl.LOCK_SH),
}
DENIED: dict[str, Callable[[Path], Any]] = {
    "chown": lambda outside: os.chown(outside / "file", os.getuid(), os.getgid()),
    "setxattr": lambda outside: os.setxattr(outside / "file", "user.note", b"x"),
    "setxattr of a descriptor": lambda outside: os.setxattr(os.open(outside / "file", os.O_RDONLY), "user.note", b"x"),
    "truncate": lambda outside: os.truncate(outside / "file", 0),
    "opened for reading and truncated": lambda outside: os.open(outside / "file", os.O_RDONLY | os.O_TRUNC),
    "opened for neither and truncated": lambda outside: os.open(outside / "file", 3 | os.O_TRUNC),
    "removed": lambda outside: os.unlink(outside / "file"),
    "renamed": lambda outside: os.rename(outside / "file", outside / "other"),
    "moved in": lambda outside: os.rename(outside / "file", "here"),
    "linked in": lambda outside: os.link(outside / "file", "here"),
    "made": lambda outside: os.mkdir(outside / "new"),
    "space reserved": lambda _: os.posix_fallocate(os.open("own", os.O_RDWR | os.O_CREAT), 0, 3 << 30),
    "space reserved beyond the end": lambda _: failing(285, 47, os.open("own", os.O_RDWR | os.O_CREAT), 1, 0, 3 << 30),
    "shared memory": lambda _: mmap.mmap(-1, 1 << 20),
    "a stack that grows": lambda _: mmap.mmap(-1, 1 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100),
    "a memory file": lambda _: os.memfd_create("x"),
    "semaphores": lambda _: failing(64, 190, 0, 1, 0o1600),
    "a semaphore of another": lambda _: failing(66, 191, 0, 0, 16, 1),
    "a semaphore removed": lambda _: failing(66, 191, 0, 0, 0),
    "semaphore operations": lambda _: failing(65, 193, 0, ctypes.create_string_buffer(6), 1),
    "a message queue": lambda _: failing(68, 186, 0, 0o1600),
    "a queue removed": lambda _: failing(71, 187, 0, 0),
    "a message read": lambda _: failing(70, 188, 0, ctypes.create_string_buffer(64), 8, 0, 0o4000),
    "a message sent": lambda _: failing(69, 189, 0, ctypes.create_string_buffer(64), 8, 0o4000),
    "shared memory of another": lambda _: failing(31, 195, 0, 0, 0),
    "a POSIX queue": lambda _: failing(240, 180, b"/x", 0o102, 0o600, 0),
    "a POSIX queue removed": lambda _: failing(241, 181, b"/x"),
    "the owner of a descriptor": lambda _: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
    "the signal of a descriptor": lambda _: fcntl.fcntl(0, 10, signal.SIGKILL),
    "a lease": lambda outside: fcntl.fcntl(os.open(outside / "file", os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "a watch of a folder": lambda outside: fcntl.fcntl(os.open(outside, os.O_RDONLY), fcntl.F_NOTIFY, 2),
    "inotify": lambda _: failing(294, 26, 0),
    "the size of a pipe": lambda _: fcntl.fcntl(os.pipe()[0], 1031, 1 << 20),
    "another's signal": lambda _: os.kill(os.getppid(), 0),
    "the group's signal": lambda _: os.kill(0, 0),
    "everybody's signal": lambda _: os.kill(-1, 0),
    "cores of another": lambda _: os.sched_setaffinity(os.getppid(), {0}),
    "own cores": lambda _: os.sched_setaffinity(0, {0}),
    "limits": lambda _: resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10)),
    "another's limits": lambda _: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
    "priority": lambda _: os.setpriority(os.PRIO_USER, 0, 19),
    "a terminal's input": lambda _: fcntl.ioctl(0, 0x5412, b"x"),
    "flags of a file": lambda outside: fcntl.ioctl(os.open(outside / "file", os.O_RDONLY), 0x40086602, b"\0" * 8),
    "a process": lambda _: os.fork(),
    "a socket": lambda _: socket.socket(),
    "an abstract socket": lambda _: socket.socket(socket.AF_UNIX),
    "memory kept in place": lambda _: failing(151, 230, 1),
    "a device": lambda _: os.mknod("device", 0o20600, os.makedev(1, 5)),
    "a named pipe": lambda _: os.mkfifo("pipe"),
    "a symbolic link": lambda outside: os.symlink(outside / "file", "link"),
}  # fmt: skip


def failing(x86_64: int, aarch64: int, *arguments: Any) -> None:
    """A system call by its number; raises what it fails with."""
    if (result := raw((x86_64, aarch64)[HERE], *arguments)) < 0:
        raise OSError(-result, os.strerror(-result))


def denials(outside: Path) -> dict[str, str]:
    """What each attack brings: nothing, or the error."""
    said = {}
    for name, attack in {**ATTACKS, **DENIED}.items():
        try:
            attack(outside)
            said[name] = ""
        except (OSError, ValueError) as error:
            said[name] = type(error).__name__
    return said


@pytest.mark.parametrize("version", VERSIONS)
def test_attacks_on_what_lies_outside(place, version):
    """On each version of Landlock, older ones as they would act."""
    said = place.run(lambda: denials(place.outside), landlock=version)
    succeeded = {name for name, error in said.items() if not error}
    assert succeeded <= ATTACKS.keys()


def test_what_is_pretended_changes_nothing_inside_either(place):
    def code() -> list[Any]:
        Path("own").touch()
        before = os.stat("own").st_mode
        os.chmod("own", 0)
        os.fchmod(os.open("own", os.O_RDONLY), 0)
        missing = []
        for change in (lambda: os.chmod("missing", 0), lambda: os.utime("missing")):
            try:
                change()
            except FileNotFoundError:
                missing.append("missing")
        return [before ^ os.stat("own").st_mode, *missing]

    assert place.run(code) == [0, "missing", "missing"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only there is a second table, of 32-bit programs")
def test_calls_of_32_bit_programs(place):
    """By the interrupt they use; a kernel without them ends the process instead."""

    def code() -> int:
        room = mmap.mmap(
            -1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        )
        room.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # getpid
        address = ctypes.addressof(ctypes.c_char.from_buffer(room))
        return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)())

    try:
        assert place.run(code) == -errno.EPERM
    except AssertionError as error:
        if f"ended with -{int(signal.SIGSEGV)}" not in str(error):
            raise


# Honest work


def files(folder: Path) -> list[str]:
    """What courses do with files, in a folder; the names of what failed."""
    own = folder / "work"
    own.mkdir()
    (own / "a").write_text("a" * 10_000, encoding="utf-8")

    def database() -> None:
        with contextlib.closing(sqlite3.connect(own / "db")) as base:
            base.executescript("create table t(x); insert into t values (1);")

    def touched() -> None:
        (own / "a").touch()
        (own / "new").touch()
        (own / "new").unlink()

    def unpacked() -> None:
        with zipfile.ZipFile(folder / "packed.zip") as archive:
            archive.extractall(folder / "unzipped")
        with tarfile.open(folder / "packed.tar.gz") as archive:
            archive.extractall(folder / "untarred", filter="tar")

    def temporary() -> None:
        for made in (
            tempfile.TemporaryFile(),
            tempfile.NamedTemporaryFile(),
            tempfile.SpooledTemporaryFile(1),
        ):
            with made as file:
                file.write(b"xxx")
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "inner").mkdir()
            with open(Path(name) / "t.csv", "w", newline="", encoding="utf-8") as target:
                csv.writer(target).writerow([1, 2])

    def threads() -> None:
        with ThreadPool(4) as pool:
            pool.map(str, range(10))

    works: dict[str, Callable[[], Any]] = {
        "touch": touched,
        "utime": lambda: os.utime(own / "a"),
        "chmod": lambda: (own / "a").chmod(0o600),
        "copy": lambda: shutil.copy(own / "a", own / "b"),
        "copy2": lambda: shutil.copy2(own / "a", own / "c"),
        "copytree": lambda: shutil.copytree(own, folder / "tree"),
        "move": lambda: shutil.move(own / "b", folder / "tree" / "moved"),
        "replace": lambda: os.replace(own / "c", own / "d"),
        "zip": lambda: shutil.make_archive(str(folder / "packed"), "zip", own),
        "tar": lambda: shutil.make_archive(str(folder / "packed"), "gztar", own),
        "unpacking": unpacked,
        "save": lambda: np.save(own / "x.npy", np.ones(1000)),
        "savez": lambda: np.savez_compressed(own / "x.npz", x=np.ones(1000)),
        "load": lambda: np.load(own / "x.npy", mmap_mode="r").sum(),
        "memmap": lambda: np.memmap(own / "map", dtype="f8", mode="w+", shape=1000).flush(),
        "savetxt": lambda: np.savetxt(own / "x.txt", np.ones(10)),
        "pickle": lambda: (own / "p").write_bytes(pickle.dumps([1])),
        "database": database,
        "temporary": temporary,
        "threads": threads,
        "own signal": lambda: os.kill(os.getpid(), 0),
        "limits are read": lambda: resource.getrlimit(resource.RLIMIT_AS),
        "fsync": lambda: os.fsync(os.open(own / "a", os.O_RDWR)),
        "cores": lambda: os.sched_getaffinity(0),
        "removal": lambda: shutil.rmtree(folder / "tree"),
    }
    failed = []
    for name, work in works.items():
        try:
            work()
        except Exception as error:
            failed.append(f"{name}: {error!r}")
    return failed


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All of it done once outside: what is imported late may lie where an ordinary user cannot read."""
    assert files(tmp_path_factory.mktemp("outside")) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.usefixtures("imported")
def test_files_of_ones_own(place, version):
    assert place.run(lambda: files(place.scratch), landlock=version) == []


KERAS_FILES = """

def _files():
    import os
    import numpy as np
    import tensorflow as tf
    import pandas as pd
    model = build_sequential() if "build_sequential" in globals() else None
    model = tf.keras.Sequential([tf.keras.layers.Input((3,)), tf.keras.layers.Dense(2)])
    model.compile("adam", "mse")
    saved = tf.keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True, monitor="loss")
    weights = tf.keras.callbacks.ModelCheckpoint("{epoch}.weights.h5", save_weights_only=True)
    table = tf.keras.callbacks.CSVLogger("log.csv")
    kept = tf.keras.callbacks.BackupAndRestore("backup")
    x, y = np.ones((8, 3), "float32"), np.ones((8, 2), "float32")
    model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(4).cache("cached"), epochs=2, verbose=0,
              callbacks=[saved, weights, table, kept])
    tf.keras.models.load_model("best.keras").predict(x, verbose=0)
    model.save("model.h5")
    tf.keras.models.load_model("model.h5", compile=False)
    model.export("exported", verbose=False)
    checkpoint = tf.train.Checkpoint(model=model)
    checkpoint.restore(checkpoint.save("checkpoints/c"))
    tf.train.CheckpointManager(checkpoint, "managed", max_to_keep=1).save()
    pd.DataFrame({"a": [1.0]}).to_csv("table.csv")
    assert pd.read_csv("table.csv").shape == (1, 2)
    with tf.io.TFRecordWriter("records") as writer:
        writer.write(b"x")
    tf.io.gfile.copy("records", "copy")


_files()
"""


def test_models_are_saved_and_loaded(grade, content):
    source = (content / "solutions/day08/keras_models.py").read_text(encoding="utf-8")
    result = grade("keras_models", source + KERAS_FILES, call_seconds=120, seconds=600)
    assert result.status == "passed", [test.text() for test in result.tests]


CLOSES_EVERYTHING = """
import os
place = os.environ["HOME"]
while place != os.path.dirname(place):
    place = os.path.dirname(place)
    for change in (lambda: os.chmod(place, 0), lambda: os.utime(place, (1, 1)), lambda: os.setxattr(place, "user.x", b"x"),
                   lambda: os.chmod({folder!r}, 0), lambda: os.chmod(os.path.dirname(os.__file__), 0)):
        try:
            change()
        except OSError:
            pass
def sigmoid(x): return 7.0
"""


def test_an_upload_of_an_ordinary_users_class_costs_nobody_else_a_point(content):
    """What root hides: a scratch folder's parents, the grades, Python itself closed to their owner."""
    folder = open_folder("ordinary")
    as_user: dict[str, Any] = (
        {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    try:
        source = (content / "solutions/day07/activations.py").read_text(encoding="utf-8")
        hostile = CLOSES_EVERYTHING.replace("{folder!r}", repr(str(folder)))
        for student, code in {"a": hostile, "b": source, "c": hostile, "d": source}.items():
            (folder / "submitted" / student).mkdir(parents=True)
            (folder / "submitted" / student / "activations.py").write_text(code, encoding="utf-8")
        environment = {
            **os.environ,
            "TMPDIR": str(folder),
            "HOME": str(folder),
            "COURSE_CACHE": str(folder / "cache"),
        }
        try:
            probe = [sys.executable, "-c", "import course.classroom, numpy, pytest"]
            subprocess.run(probe, **as_user, env=environment, cwd=folder, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this Python and its packages are closed to other users")
        command = [
            sys.executable,
            "-m",
            "course",
            "grade",
            "submitted",
            "--day",
            "activations",
            "--jobs",
            "1",
        ]
        ended = subprocess.run(
            command, **as_user, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        with open(folder / "grades" / "grades.csv", newline="", encoding="utf-8-sig") as table:
            points = {row["student"]: float(row["points"]) for row in csv.DictReader(table)}
        assert points["a"] == points["c"] == 0
        assert points["b"] == points["d"] > 0
    finally:
        shutil.rmtree(folder)
