"""Submissions that attack the grader. None gains a point, none harms the next exercise or outlives the command."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from course.checking import Graders, Task
from course.content.catalog import CONTENT, catalog
from course.learner.subject import Subject
from course.processes import zygotes
from course.processes.seeds import of_worker
from course.results import ExerciseResult
from tests.processes import running, started_by

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

# Every function of the exercise, defined so that nothing is right: what remains is what the attack gains.
WRONG = """
import numpy as np
def sigmoid(x): return attack(x)
def relu(x): return attack(x)
def tanh(x): return attack(x)
def softmax(x): return attack(x)
def sigmoid_derivative(x): return attack(x)
def relu_derivative(x): return attack(x)
def tanh_derivative(x): return attack(x)
"""


def hostile(grade, code: str, **limits: float) -> ExerciseResult:
    result = grade("activations", WRONG + code, **limits)
    assert result.points == 0, [f"{test.name} {test.status}" for test in result.tests]
    assert result.max_points > 0
    return result


def told(result: ExerciseResult) -> str:
    return "\n".join(test.text() for test in result.tests)


ALWAYS_EQUAL = """
class Equal(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __ne__(self, other): return np.zeros(np.shape(other), bool)
    def __array_function__(self, *args, **kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return np.True_
    def __sub__(self, other): return 0
def attack(x): return np.full(np.shape(x), 7.0).view(Equal)
"""

ALWAYS_EQUAL_OBJECT = """
class Equal(float):
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return 0.0
def attack(x): return Equal(7.0)
"""

PATCHES = """
import builtins, numpy, numpy.testing
yes = lambda *args, **kwargs: True
for name in ("assert_allclose", "assert_array_equal", "assert_equal", "assert_array_almost_equal"):
    setattr(numpy.testing, name, yes)
for name in ("allclose", "isclose", "array_equal", "all"):
    setattr(numpy, name, yes)
builtins.all = builtins.any = builtins.abs = yes
def attack(x): return 7.0
"""

WALK_FRAMES = """
import gc, sys
def attack(x):
    found = []
    frame = sys._getframe()
    while frame is not None:
        found += [value for name, value in frame.f_locals.items() if "want" in name or "expected" in name]
        frame = frame.f_back
    found += [o for o in gc.get_objects() if type(o).__name__ in ("Failure", "GradingPlugin", "TestResult")]
    assert not found, "FOUND " + repr(found)[:100]
    raise RuntimeError("nothing found")
"""

SEEDS = """
import sys
found, frame = [], sys._getframe()
while frame is not None:
    for value in list(frame.f_locals.values()):
        found += value.values() if isinstance(value, dict) else [value]
    frame = frame.f_back
seeds = sorted(value for value in found if type(value) is int and value > 100_000)
def attack(x): raise RuntimeError(f"seeds {seeds}")
"""

PATHS = """
import glob, os
PATHS = {paths!r}
def attack(x):
    opened = []
    for path in PATHS:
        for name in [path, *glob.glob(path + "/**/*.py", recursive=True)]:
            try:
                opened.append(open(name).read()[:20])
            except OSError:
                pass
            try:
                opened.append(os.readlink(name))
            except OSError:
                pass
    assert not opened, "OPENED " + repr(opened)[:200]
    raise RuntimeError("nothing opened")
"""

READ_PARENTS = """
import os
def attack(x):
    got = []
    for pid in [os.getppid()] + list(range(1, 400)) + list(range(os.getpid() - 40, os.getpid())):
        for what in ("mem", "environ", "cmdline", "maps", "fd", "root", "cwd"):
            try:
                with open(f"/proc/{pid}/{what}", "rb") as source:
                    got.append((pid, what, source.read(10)))
            except OSError:
                pass
    assert not got, "GOT " + repr(got)[:200]
    raise RuntimeError("nothing read")
"""

SIGNALS = """
import ctypes, os, signal
libc = ctypes.CDLL(None)
def attack(x):
    sent = []
    for pid in (os.getppid(), 1, -1, 0):
        try:
            os.kill(pid, signal.SIGKILL)
            sent.append(pid)
        except OSError:
            pass
    if libc.ptrace(16, os.getppid(), 0, 0) == 0 or libc.prctl(1, 0, 0, 0, 0) == 0:
        sent.append("ptrace or prctl")
    assert not sent, "SENT " + repr(sent)
    raise RuntimeError("nothing sent")
"""

PROCESSES = """
import ctypes, os, subprocess
def attack(x):
    made = []
    for make in (os.fork, lambda: subprocess.Popen(["sleep", "1000"]), lambda: os.system("sleep 1000 &") and 1 / 0,
                 lambda: os.posix_spawn("/bin/sleep", ["sleep", "1000"], {}), os.setsid):
        try:
            made.append(make())
        except (OSError, ZeroDivisionError):
            pass
    if ctypes.CDLL(None).syscall(57) >= 0:
        made.append("raw fork")
    assert not made, "MADE " + repr(made)
    raise RuntimeError("nothing made")
"""

SOCKETS = """
import socket
def attack(x):
    made = []
    for family, kind in ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM),
                         (socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_STREAM)):
        try:
            made.append(socket.socket(family, kind))
        except OSError:
            pass
    assert not made, "MADE " + repr(made)
    raise RuntimeError("nothing made")
"""

WRITES = """
import os, tempfile
def attack(x):
    written = []
    for folder in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~/.."), "/", "/root", {content!r}):
        try:
            with open(os.path.join(folder, "hostile-was-here"), "w") as target:
                written.append(folder)
        except OSError:
            pass
    with tempfile.TemporaryFile() as own:
        own.write(b"a scratch folder of one's own is allowed")
    assert not written, "WRITTEN " + repr(written)
    raise RuntimeError("nothing written")
"""

DESCRIPTORS = """
import os
def attack(x):
    mine = sorted(int(name) for name in os.listdir("/proc/self/fd"))
    for fd in mine:
        try:
            os.write(fd, b"\\xff" * 64)
        except OSError:
            pass
    return 7.0
"""

PICKLES = """
class Bomb:
    def __reduce__(self): return (eval, ("1/0",))
    def __repr__(self): raise ValueError("no text")
def attack(x): return Bomb()
"""

REPLIES = """
import os, struct
def attack(x):
    # Speak to the grader directly, with a frame that claims everything is fine and is not one.
    for fd in range(3, 64):
        try:
            os.write(fd, {frame!r})
        except OSError:
            pass
    os._exit(0)
"""


@pytest.mark.parametrize(
    "code", [ALWAYS_EQUAL, ALWAYS_EQUAL_OBJECT, PATCHES, PICKLES], ids=["array", "float", "patch", "pickle"]
)
def test_tricks_with_values(grade, code):
    result = hostile(grade, code)
    assert result.status in ("failed", "error")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (WALK_FRAMES, "nothing found"),
        (
            PATHS.replace(
                "{paths!r}",
                repr(
                    [
                        str(CONTENT / "solutions"),
                        str(CONTENT / "graders"),
                        str(Path(sys.modules["course"].__file__).parent),
                        "/root",
                        "/etc/passwd",
                        "/home",
                        "/tmp",
                    ]
                ),
            ),
            "nothing opened",
        ),
        (READ_PARENTS, "nothing read"),
        (SIGNALS, "nothing sent"),
        (PROCESSES, "nothing made"),
        (SOCKETS, "nothing made"),
        (WRITES.replace("{content!r}", repr(str(CONTENT))), "nothing written"),
    ],
    ids=["frames", "files", "proc", "signals", "processes", "sockets", "writes"],
)
def test_reaching_out_finds_nothing(grade, code, says):
    result = hostile(grade, code)
    assert says in told(result)


def test_the_graders_seed_stays_with_the_grader():
    """Who knew it could draw the held-out labels again; the worker's own seed follows from it, not the other way round."""
    seed = 123_456_789
    exercise = catalog().exercise("activations")
    with Graders(1, ["numpy"]) as graders:
        events = list(graders.run([Task(Subject(exercise, "activations.py", WRONG + SEEDS), seed=seed)]))
    text = "".join(told(event.result) for event in events if event.result is not None)
    assert str(of_worker(seed)) in text
    assert str(seed) not in text


def test_import_of_grader_code(grade):
    code = """
def attack(x):
    for name in ("graders.reference.recurrent", "course.grading.compare", "course.grading.plugin", "graders", "solutions"):
        try:
            __import__(name)
        except (ImportError, OSError):
            continue
        raise AssertionError("IMPORTED " + name)
    raise RuntimeError("nothing imported")
"""
    assert "nothing imported" in told(hostile(grade, code))


def test_environment_and_arguments_hold_nothing(grade):
    code = """
import os, sys
def attack(x):
    text = repr(dict(os.environ)) + repr(sys.argv) + repr(sys.path) + open("/proc/self/environ").read()
    assert "grader" not in text and "submission" not in text and "SECRET" not in text, text
    raise RuntimeError("nothing there")
"""
    os.environ["COURSE_TEST_SECRET"] = "SECRET"
    assert "nothing there" in told(hostile(grade, code))


def test_every_system_s_name_of_home_and_temporary_folder_is_the_worker_s_own(grade):
    """Libraries on Windows ask for USERPROFILE and TEMP, and fail where there is none."""
    code = """
import os
def attack(x):
    places = {os.environ[name] for name in ("HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP")}
    assert len(places) == 1, places
    open(os.path.join(places.pop(), "note"), "w").close()
    raise RuntimeError("all written")
"""
    assert "all written" in told(hostile(grade, code))


def test_writing_over_every_descriptor(grade):
    hostile(grade, DESCRIPTORS, call_seconds=2)


FRAMES = {
    "not json": b"\x00\x00\x00\x04\x00\x00\x00\x00nope",
    "huge": b"\xff\xff\xff\xff\xff\xff\xff\xff",
    "half": b"\x00\x00\x00\xff\x00\x00\x00\x00{",
    "list": b"\x00\x00\x00\x02\x00\x00\x00\x00[]",
    "no value": b"\x00\x00\x00\x02\x00\x00\x00\x00{}",
    "object array": b'\x00\x00\x00\x54\x00\x00\x00\x00{"conversions":[],"value":{"$":"array","d":"|O","s":[1],"b":[0,8]}}'.ljust(
        92
    ),
    "unknown tag": b'\x00\x00\x00\x2e\x00\x00\x00\x00{"conversions":[],"value":{"$":"pickle","v":""}}'[:54],
    "nan": b'\x00\x00\x00\x1f\x00\x00\x00\x00{"conversions":[],"value":NaN}  '[:39],
    "passed": b'\x00\x00\x00\x25\x00\x00\x00\x00{"status":"passed","points":100}     ',
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_malformed_replies(grade, frame):
    result = hostile(grade, REPLIES.replace("{frame!r}", repr(frame)), call_seconds=3)
    assert {test.status for test in result.tests} <= {"error", "timeout", "failed", "blocked"}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import os\ndef attack(x): os._exit(0)", "error"),
        ("import sys\ndef attack(x): sys.exit(0)", "failed"),
        ("def attack(x):\n    while True: pass", "timeout"),
        ("def attack(x):\n    while True: print('x' * 10_000)", "timeout"),
        ("import os\ndef attack(x):\n    while True: os.write(1, b'x' * 65536)", "timeout"),
        ("def attack(x):\n    hold = []\n    while True: hold.append(bytearray(1 << 26))", "failed"),
        ("def attack(x): return np.zeros(10 * 2**30 // 8)", "failed"),
        ("def attack(x): return np.zeros(2**26)", "failed"),
        ("import itertools\ndef attack(x): return itertools.count()", "failed"),
        ("def attack(x): return attack(x)", "failed"),
        ("import ctypes\ndef attack(x): ctypes.string_at(0)", "error"),
        ("import threading\ndef attack(x):\n    threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()\n    return 7.0", "failed"),
        ("import atexit, os\natexit.register(lambda: os.write(1, b'late'))\ndef attack(x): return 7.0", "failed"),
        ("import signal\ndef attack(x):\n    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n    while True: pass", "timeout"),
    ],
)  # fmt: skip
def test_dying_hanging_flooding(grade, code, status):
    result = hostile(grade, code, call_seconds=1.5)
    assert status in {test.status for test in result.tests}
    assert told(result)


@pytest.mark.parametrize(
    "code",
    [
        "with open(str(n), 'wb') as target: target.write(bytes(1 << 25))",
        "os.mkdir(str(n))",
    ],
    ids=["bytes", "folders"],
)
def test_filling_the_disk(grade, code):
    """Stopped by the amount, long before the time is over."""
    attack = f"import os\ndef attack(x):\n    n = 0\n    while True:\n        n += 1\n        {code}"
    result = hostile(grade, attack, call_seconds=60, seconds=600)
    assert "wrote more files than a check allows" in told(result)


THREADS = """
import threading, time
def attack(x):
    threading.stack_size(65536)
    while True:
        threading.Thread(target=time.sleep, args=(1000,)).start()
"""

REMOVED_AND_OPEN = """
import os
def attack(x):
    while True:
        os.write(os.open("file", os.O_RDWR | os.O_CREAT), bytes(1 << 25))
        os.unlink("file")
"""

REMOVED_AND_MAPPED = """
import mmap, os
def attack(x):
    kept = []
    while True:
        file = os.open("file", os.O_RDWR | os.O_CREAT)
        os.write(file, bytes(4096))
        kept.append(mmap.mmap(file, 4096))
        os.unlink("file")
        os.closerange(10, 250)
"""

MEMORY_MADE_READ_ONLY = """
import ctypes
def attack(x):
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    while True:
        place = libc.mmap(None, ctypes.c_size_t(1 << 28), 3, 0x22, -1, 0)
        ctypes.memset(place, 1, 1 << 28)
        libc.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(1 << 28), 1)
"""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (THREADS, "started more threads than a check allows"),
        (REMOVED_AND_OPEN, "wrote more files than a check allows"),
        (REMOVED_AND_MAPPED, "wrote more files than a check allows"),
        (MEMORY_MADE_READ_ONLY, "used more memory than a check allows"),
    ],
    ids=["threads", "removed and open", "removed and mapped", "read-only memory"],
)
def test_what_no_limit_of_the_kernel_counts(grade, code, says):
    """Ended by the amount, and told the reason."""
    assert says in told(hostile(grade, code, call_seconds=60, seconds=600))


def test_the_next_exercise_is_graded_as_ever(grade, content):
    for code in ("import os\nos._exit(0)", "while True: pass", "import ctypes; ctypes.string_at(0)"):
        assert grade("activations", code, call_seconds=1.5).points == 0
    right = (content / "solutions/day07/activations.py").read_text(encoding="utf-8")
    assert grade("activations", right).status == "passed"


def test_nothing_outlives_the_command(tmp_path, content):
    """Threads that spin with every signal blocked, and a hung call: no process of the command is left afterwards."""
    from course import checking

    (tmp_path / "day07").mkdir()
    code = """
import threading, signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
for _ in range(4):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
def attack(x): return 7.0
"""
    (tmp_path / "day07" / "activations.py").write_text(WRONG + code)
    before = started_by(os.getpid())
    report = checking.check(["activations"], submission=tmp_path)
    assert report.points == 0
    deadline = time.monotonic() + 30
    while not started_by(os.getpid()) <= before and time.monotonic() < deadline:
        os.sched_yield()  # killed, and not yet gone
    assert started_by(os.getpid()) <= before


def test_killing_the_command_ends_its_workers(tmp_path):
    import signal
    import subprocess

    (tmp_path / "activations.py").write_text(WRONG + "def attack(x):\n    while True: pass")
    command = [sys.executable, "-m", "course", "check", "activations", "--submission", str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "COURSE_CACHE": str(tmp_path)}
    )
    deadline = time.monotonic() + 30
    while len(started_by(process.pid)) < (3 if zygotes.forks() else 2) and time.monotonic() < deadline:
        os.sched_yield()
    started = started_by(process.pid)
    assert len(started) >= (3 if zygotes.forks() else 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    while any(map(running, started)) and time.monotonic() < deadline:
        os.sched_yield()
    assert not any(map(running, started))


HUGE = """
def attack(x): return np.zeros({count}, dtype="{dtype}")
"""


@pytest.mark.parametrize(("count", "dtype"), [(30_000_000, "f8"), (60_000_000, "f4"), (120_000_000, "u1")])
def test_the_largest_arrays_that_come_across_cost_the_grader_no_more_than_its_limit(grade, count, dtype):
    result = hostile(grade, HUGE.format(count=count, dtype=dtype))
    assert {test.status for test in result.tests} <= {"failed", "blocked", "timeout"}, told(result)
