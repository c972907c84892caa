"""A short session in each of many environments, as a table: python -m tests.environments [ENVIRONMENT...] [--out FILE].

The default tests try the same mechanisms one by one; this is all of them together, and takes some minutes. An environment
that cannot be made here says so in its line.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests import denied
from tests.conftest import solution

# What a Mac has neither, and Windows.
ELSEWHERE = [
    "landlock",
    "seccomp",
    "pidfd",
    "prctl",
    "setrlimit",
    "prlimit64",
    "setsid",
    "capset",
    "sched_setaffinity",
]
LIBRARIES = [entry for entry in sys.path if entry.endswith("site-packages")]
ROOT = str(Path(__file__).parents[1])
NUMPY, KERAS = "activations", "rnn_model"
ABSENT = """import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""


class CannotBeMade(Exception):
    """The environment; the text says why."""


@dataclass
class Environment:
    """Where the commands run: the interpreter, refused calls, variables, and who runs them."""

    folder: Path
    python: str = sys.executable
    calls: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    user: int | None = None
    keras: bool = True

    def words(self, *arguments: str) -> list[str]:
        return denied.command(self.calls, self.python, "-P", "-m", "course", *arguments)

    def options(self) -> dict[str, object]:
        dropped = ("COURSE_CACHE", "COURSE_DATA", "PYTHONPATH", "COURSE_START", "TMPDIR")
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        home = {
            "HOME": str(self.folder),
            "COURSE_LANG": "ko",
            "COURSE_KEEP": "0",
            "COLUMNS": "80",
            "PYTHONIOENCODING": self.encoding,
        }
        return {
            "env": {**kept, **home, **self.variables},
            "user": self.user,
            "group": self.user,
            "extra_groups": [] if self.user else None,
        }

    def run(self, *arguments: str, answers: str = "") -> tuple[int, str]:
        work = self.folder / "work"
        done = subprocess.run(self.words(*arguments), cwd=work if work.is_dir() else self.folder, check=False,
                              input=answers.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self.options())  # type: ignore[call-overload]  # fmt: skip
        text = done.stdout.decode(self.encoding)  # strictly: what it cannot show has a stand-in
        if "Traceback" in text:
            raise AssertionError(text[-1500:])
        return done.returncode, text


def start(env: Environment) -> None:
    assert env.run("start", "work")[0] == 0
    for slug, day in ((NUMPY, "day07"), (KERAS, "day10")):
        path = env.folder / "work" / day / f"{slug}.py"
        path.write_text(solution(slug), encoding="utf-8")


def show(env: Environment) -> None:
    assert "lstm" in env.run("show", "lstm_gates")[1].lower()


def check_numpy(env: Environment) -> None:
    code, text = env.run("check", NUMPY, "--json")
    assert json.loads(text)["exercises"][0]["status"] == "passed", text
    assert code == 0


def check_keras(env: Environment) -> None:
    _, text = env.run("check", KERAS, "--json")
    assert json.loads(text)["exercises"][0]["status"] == ("passed" if env.keras else "ungraded"), text


def quiz(env: Environment) -> None:
    code, text = env.run("quiz", "day10", "-n", "1", answers="?\n1\n")
    assert code in (0, 1), text  # 1 where not all was right
    assert "0/1" in text, text


def status(env: Environment) -> None:
    assert json.loads(env.run("status", "--json")[1])["attempts"] == (2 if env.keras else 1)


def report(env: Environment) -> None:
    assert env.run("report", "--out", "mine.html")[0] == 0


def watch(env: Environment) -> None:
    process = subprocess.Popen(env.words("watch", NUMPY), cwd=env.folder / "work", stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **env.options())  # type: ignore[call-overload]  # fmt: skip
    assert process.stdout is not None
    lines = []
    while not any(NUMPY in line for line in lines):
        lines.append(process.stdout.readline().decode(env.encoding))
        assert lines[-1], lines
    process.send_signal(signal.SIGINT)
    lines.append(process.communicate(timeout=60)[0].decode(env.encoding))
    assert "Traceback" not in "".join(lines), lines


COMMANDS: dict[str, Callable[[Environment], None]] = {
    "start": start, "show": show, "check numpy": check_numpy, "check keras": check_keras, "quiz": quiz, "status": status,
    "report": report, "watch": watch,
}  # fmt: skip


def user_install(env: Environment, _stack: ExitStack) -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = env.folder / ".local" / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (site / "all.pth").write_text("\n".join([*LIBRARIES, ROOT]) + "\n", encoding="utf-8")
    env.python = str(getattr(sys, "_base_executable", sys.executable))


def python_path(env: Environment, _stack: ExitStack) -> None:
    env.python = str(getattr(sys, "_base_executable", sys.executable))
    env.variables["PYTHONPATH"] = os.pathsep.join([ROOT, *LIBRARIES])


def without(*calls: str, **variables: str) -> Callable[[Environment, ExitStack], None]:
    def make(env: Environment, _stack: ExitStack) -> None:
        env.calls, env.variables = list(calls), {**env.variables, **variables}

    return make


def encoded(encoding: str) -> Callable[[Environment, ExitStack], None]:
    def make(env: Environment, _stack: ExitStack) -> None:
        env.encoding = encoding

    return make


def no_tensorflow(env: Environment, _stack: ExitStack) -> None:
    (env.folder / "absent").mkdir()
    (env.folder / "absent" / "sitecustomize.py").write_text(ABSENT, encoding="utf-8")
    env.variables["PYTHONPATH"] = str(env.folder / "absent")
    env.keras = False


def small_disk(env: Environment, stack: ExitStack) -> None:
    """Home, workspace, cache and temporary files on 20 MB."""
    place = env.folder / "disk"
    place.mkdir()
    if (
        os.getuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)], capture_output=True, check=False
        ).returncode
    ):
        raise CannotBeMade("a small disk needs the right to mount one")
    stack.callback(subprocess.run, ["umount", "-l", str(place)], check=False)
    env.folder = place
    env.variables["TMPDIR"] = str(place)


def read_only_home(env: Environment, _stack: ExitStack) -> None:
    """A home that cannot be written, for root neither: it is in /proc."""
    env.variables |= {"HOME": "/proc", "COURSE_DATA": str(env.folder / "data")}


def ordinary_user(env: Environment, _stack: ExitStack) -> None:
    if os.getuid():
        return  # this is one
    for path in [Path(ROOT), Path(sys.prefix), *map(Path, LIBRARIES), *Path(ROOT).parents]:
        if not path.stat().st_mode & stat.S_IXOTH:
            raise CannotBeMade(f"others than root may not enter {path}")
    env.user = 65534
    os.chown(env.folder, 65534, 65534)


def interpreter(version: str) -> str:
    """An interpreter of this version, on the path or under pyenv."""
    found = shutil.which(f"python{version}")
    under = sorted(
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob(f"{version}.*/bin/python")
    )
    for candidate in ([found] if found else []) + [str(path) for path in under]:
        shown = subprocess.run(
            [candidate, "-c", "import sys; print(sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if shown.stdout.strip() == str(tuple(map(int, version.split(".")))):
            return candidate
    raise CannotBeMade(f"there is no Python {version}")


def installed(*installation: str, version: str = "") -> Callable[[Environment, ExitStack], None]:
    """A fresh environment into which the checkout was installed: by pip, or by uv with these words."""

    def make(env: Environment, stack: ExitStack) -> None:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="installed-")))
        python = interpreter(version) if version else str(getattr(sys, "_base_executable", sys.executable))
        env.python = str(place / "bin" / "python")
        steps = [[python, "-m", "venv", str(place)], [env.python, "-m", "pip", "install", "-q"]]
        if installation:
            steps[1] += ["uv"]
            steps += [[env.python, "-m", "uv", *installation, "--python", env.python, ROOT]]
        else:
            steps[1] += [ROOT]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CannotBeMade(f"{' '.join(step)}: {done.stderr[-500:]}")

    return make


ENVIRONMENTS: dict[str, Callable[[Environment, ExitStack], None]] = {
    "as it is": without(),
    "user installation": user_install,
    "PYTHONPATH": python_path,
    "no Landlock": without("landlock"),
    "no seccomp": without("seccomp"),
    "no pidfd_open": without("pidfd"),
    "no fork": without(COURSE_START="alone"),
    "like macOS": without(*ELSEWHERE, COURSE_START="alone"),
    "cp949 pipe": encoded("cp949"),
    "cp1252 pipe": encoded("cp1252"),
    "ascii pipe": encoded("ascii"),
    "20 MB disk": small_disk,
    "read-only home": read_only_home,
    "ordinary user": ordinary_user,
    "no TensorFlow": no_tensorflow,
    "uv": installed("pip", "install"),
    "lowest versions": installed("pip", "install", "--resolution", "lowest-direct"),
    "Python 3.12": installed(version="3.12"),
    "Python 3.13": installed(version="3.13"),
}


def line(name: str) -> Iterator[str]:
    """The environment's cells, each as it is known."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="environment-", ignore_cleanup_errors=True)
            )
        )
        env = Environment(folder)
        try:
            ENVIRONMENTS[name](env, stack)
        except CannotBeMade as error:
            yield f"cannot be made here: {error}"
            return
        for command in COMMANDS.values():
            try:
                command(env)
                yield "ok"
            except Exception as error:
                print(f"{name}: {error!r}"[:2000], file=sys.stderr)
                yield "FAILS"


def main() -> int:
    """Write the table; 0 where nothing in it fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=list(ENVIRONMENTS))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = [f"| environment | {' | '.join(COMMANDS)} | s |", "|---" * (len(COMMANDS) + 2) + "|"]
    print("\n".join(rows), flush=True)
    for name in options.names:
        begin = time.monotonic()
        cells = list(line(name))
        rows.append(f"| {name} | {' | '.join(cells)} | {time.monotonic() - begin:.0f} |")
        print(rows[-1], flush=True)
    if options.out is not None:
        options.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return int(any("FAILS" in row for row in rows))


if __name__ == "__main__":
    sys.exit(main())
