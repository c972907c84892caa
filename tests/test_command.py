"""The command as a person types it: real processes, a folder of its own, both languages."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.content.catalog import CONTENT, catalog
from course.processes import zygotes
from tests.conftest import solution

FIELDS = {"format", "submission", "seed", "points", "max_points", "seconds", "lacking", "exercises"}
EXERCISE_FIELDS = {"slug", "day", "status", "points", "max_points", "seconds", "cached", "seed", "tests"}
TEST_FIELDS = {"name", "title", "status", "points", "max_points", "hidden", "message"}

QUICK = ["activations", "lstm_gates"]


class Command:
    """Runs `course` in a folder with an environment of its own."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "COURSE_CACHE": str(cache), "COURSE_LANG": "en", "COLUMNS": "80"}

    def __call__(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "course", *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def run(tmp_path: Path) -> Command:
    return Command(tmp_path, tmp_path / "cache")


@pytest.fixture
def workspace(run: Command, tmp_path: Path) -> Path:
    run("start", "work")
    run.folder = tmp_path / "work"
    return run.folder


def write(workspace: Path, slug: str, text: str) -> Path:
    path = workspace / catalog().exercise(slug).day / f"{slug}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_solutions_earn_everything(run, content):
    report = json.loads(
        run("check", *QUICK, "--submission", str(content / "solutions"), "--json", "--seed", "5")
    )
    assert set(report) == FIELDS
    assert report["points"] == report["max_points"] > 0
    assert report["seed"] == 5
    for exercise in report["exercises"]:
        assert set(exercise) == EXERCISE_FIELDS
        assert exercise["status"] == "passed"
        assert all(set(test) == TEST_FIELDS for test in exercise["tests"])
        assert all(test["title"] and test["title"] != test["name"] for test in exercise["tests"])


def test_a_fresh_workspace_is_all_to_do(run, workspace):
    report = json.loads(run("check", "day10", "--json", expect=1))
    assert report["points"] == 0
    assert report["max_points"] > 0
    assert {exercise["status"] for exercise in report["exercises"]} == {"todo"}
    assert {test["status"] for exercise in report["exercises"] for test in exercise["tests"]} == {"todo"}


def test_a_missing_file(run, workspace):
    (workspace / "day07" / "activations.py").unlink()
    report = json.loads(run("check", "activations", "--json", expect=1))
    assert report["exercises"][0]["status"] == "missing"
    assert "activations.py does not exist" in report["exercises"][0]["tests"][0]["message"]


def test_a_wrong_solution_says_where(run, workspace):
    write(workspace, "activations", solution("activations") + "\n\ndef sigmoid(x):\n    return x + 0.25\n")
    for language, words in (("en", "returned"), ("ko", "반환")):
        text = run("check", "activations", expect=1, COURSE_LANG=language)
        assert words in text
        assert "sigmoid(" in text
        assert "✗" in text


def test_wrong_usage(run, workspace, tmp_path):
    assert "lstm_gates" in run("check", "lstm_gate", expect=2)
    assert "course list" in run("show", "nothing_like_it", expect=2)
    assert "There is no folder" in run("check", "--submission", "nowhere", expect=2)
    run("check", "--seed", "-1", expect=2)
    run("no-such-command", expect=2)
    run.folder = tmp_path
    assert "course start" in run("check", expect=2)
    (tmp_path / "file").write_text("")
    assert "is a file" in run("start", "file", expect=2)


def test_same_seed_same_inputs(run, workspace):
    write(workspace, "activations", solution("activations") + "\n\ndef sigmoid(x):\n    return x + 0.25\n")
    once, again, other = (
        run("check", "activations", "--json", "--seed", seed, "--fresh", expect=1) for seed in ("1", "1", "2")
    )
    message = [json.loads(text)["exercises"][0]["tests"][0]["message"] for text in (once, again, other)]
    assert message[0] == message[1] != message[2]


def test_unchanged_exercises_are_kept(run, workspace):
    path = write(workspace, "activations", solution("activations"))

    def cached(*options: str, expect: int = 0) -> bool:
        return json.loads(run("check", "activations", "--json", *options, expect=expect))["exercises"][0][
            "cached"
        ]

    assert not cached()
    assert cached()
    assert not cached("--fresh")
    assert not cached("--seed", "3")
    assert cached("--seed", "3")
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert not cached()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_interrupted_check_keeps_what_it_has(run, workspace):
    """On a terminal: the first result is on the screen, then Ctrl-C; the next check grades only the rest."""
    import pexpect

    write(workspace, "perceptron", solution("perceptron"))
    write(workspace, "activations", "while True: pass\n")
    command = [sys.executable, "-m", "course", "check", "perceptron", "activations", "--jobs", "1"]
    terminal = pexpect.spawn(
        command[0],
        command[1:],
        cwd=workspace,
        env=run.environment,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    terminal.expect("perceptron")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    write(workspace, "activations", solution("activations"))
    report = json.loads(run("check", "perceptron", "activations", "--json"))
    assert [exercise["cached"] for exercise in report["exercises"]] == [True, False]


def test_a_broken_cache_only_costs_time(run, workspace, tmp_path):
    write(workspace, "activations", solution("activations"))
    run("check", "activations")
    for path in (tmp_path / "cache" / "results").iterdir():
        path.write_text("{")
    run("check", "activations")


def test_learner_files_are_never_overwritten(run, workspace):
    path = write(workspace, "activations", "# mine\n")
    run("start", ".")
    assert path.read_text() == "# mine\n"
    assert "--yes" in run("reset", "activations", expect=2)
    assert path.read_text() == "# mine\n"
    said = run("reset", "activations", "--yes")
    assert "raise NotImplementedError()" in path.read_text()
    backup = Path(re.search(r"kept as (\S+)", " ".join(said.split())).group(1))
    assert backup.read_text() == "# mine\n"


def test_show_hint_solution_diff(run, workspace):
    assert "sigmoid" in run("show", "activations")
    assert "Explanation" not in run("show", "activations")
    assert "course hint activations 2" in run("hint", "activations")
    assert "hints" in run("hint", "activations", "99", expect=2)
    assert "has not passed" in run("solution", "activations", expect=2)
    assert "def sigmoid" in run("solution", "activations", "--force")
    assert "BEGIN SOLUTION" not in run("solution", "activations", "--force")
    assert "No difference" in run("diff", "activations")
    write(workspace, "activations", solution("activations"))
    assert "+" in run("diff", "activations")
    run("check", "activations")
    assert "Explanation" in run("show", "activations")
    assert "def sigmoid" in run("solution", "activations")


def test_next_and_bare(run, workspace, tmp_path):
    first = next(iter(catalog())).slug
    assert first in run()
    assert first in run("next")
    said = json.loads(run("next", "--json"))
    assert (said["next"], said["status"], said["reason"]) == (first, None, "first")
    write(workspace, first, solution(first))
    run("check", first)
    assert json.loads(run("next", "--json"))["next"] != first
    run.folder = tmp_path
    assert "course start" in run()
    assert "course start" in run("next", expect=2)


def test_list(run, workspace):
    write(workspace, "activations", solution("activations"))
    run("check", "activations")
    days = json.loads(run("list", "--json"))
    assert [day["day"] for day in days] == [day.slug for day in catalog().days]
    rows = {row["slug"]: row for day in days for row in day["exercises"]}
    assert list(rows) == [exercise.slug for exercise in catalog()]
    assert rows["activations"]["status"] == "passed"
    assert rows["lstm_gates"]["status"] is None
    assert "LSTM" in run("list")


# The command itself, with --help after each of its commands' names in turn: starting it again costs more than its answer.
HELP_OF_ALL = """
import contextlib, io, json, sys
import click
from course.cli import main
from course.cli.tree import course

def walk(command, path):
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.suppress(SystemExit):
        sys.argv = ["course", *path, "--help"]
        main()
    yield path, told.getvalue()
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from walk(command.get_command(context, name), [*path, name])

print(json.dumps(list(walk(course, []))))
"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_command_has_help(run, language):
    from rich.cells import cell_len

    environment = run.environment | {"COURSE_LANG": language}
    command = [sys.executable, "-c", HELP_OF_ALL]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told = {tuple(path): text for path, text in json.loads(done.stdout)}
    for path, text in told.items():
        assert "--help" in text, path
        assert [line for line in text.splitlines() if cell_len(line) > 80] == [], path
        assert bool(re.search("[가-힣]", text)) == (language == "ko"), path
    for path in ((), ("dev", "check")):
        assert run(*path, "--help", COURSE_LANG=language) == told[path]


def test_the_language_follows_option_variable_locale(run, workspace):
    def korean(*options: str, **environment: str) -> bool:
        return bool(re.search("[가-힣]", run("next", *options, **environment)))

    assert not korean(COURSE_LANG="", LC_ALL="", LANG="C.UTF-8", LC_MESSAGES="")
    assert korean(COURSE_LANG="", LC_ALL="", LC_MESSAGES="", LANG="ko_KR.UTF-8")
    assert not korean(COURSE_LANG="en", LC_ALL="ko_KR.UTF-8")
    assert korean("--lang", "ko", COURSE_LANG="en")


def test_grading_from_python(tmp_path, content, monkeypatch):
    import course

    report = course.check("activations", submission=content / "solutions", seed=2)
    assert report.passed
    assert report.seed == 2
    assert "activations: passed" in str(report)


IMPORTS = """
import sys
from course.cli import main
sys.argv = ["course", *{arguments!r}]
try:
    main()
except SystemExit:
    pass
print("LOADED", sorted({{"numpy", "tensorflow", "keras", "pytest", "pandas"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["list"], ["show", "lstm_gates"], ["hint", "lstm_gates"], ["next"], ["status"], []],
)
def test_reading_commands_import_nothing_heavy(run, workspace, arguments):
    code = IMPORTS.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=workspace,
        env=run.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "LOADED []" in done.stdout, done.stdout


def test_the_grader_process_never_imports_tensorflow(content):
    """Asked while it grades a Keras exercise: the modules mapped into the grader process, by the system's own account."""
    from course import checking
    from course.learner.subject import Subject

    exercise = catalog().exercise("rnn_model")
    task = checking.Task(Subject(exercise, "rnn_model.py", solution("rnn_model")), 0)
    with checking.Graders(1, ["keras"]) as graders:
        results = [event.result for event in graders.run([task]) if event.result is not None]
        assert results[0].status == "passed", results[0].tests
        if sys.platform == "linux":
            [starter] = graders.pids()
            forked = Path(f"/proc/{starter}/task/{starter}/children").read_text().split()
            for pid in [starter, *forked] if zygotes.forks() else [starter]:
                mapped = Path(f"/proc/{pid}/maps").read_text()
                assert "numpy" in mapped
                assert "tensorflow" not in mapped


@pytest.mark.skipif(not zygotes.forks(), reason="graders are forked on Linux")
def test_a_grader_that_dies_costs_no_result():
    from course import checking
    from course.learner.subject import Subject

    slugs = ["activations", "losses", "one_hot", "tensors", "pooling", "neuron"]
    files = [Subject(catalog().exercise(slug), f"{slug}.py", solution(slug)) for slug in slugs]
    with checking.Graders(2, ["numpy"]) as graders:
        [starter] = graders.pids()
        results, children = [], []
        for event in graders.run([checking.Task(subject, 0) for subject in files]):
            children = children or Path(f"/proc/{starter}/task/{starter}/children").read_text().split()
            if len(children) == 2:
                os.kill(int(children[0]), signal.SIGKILL)
                children.append("killed")
            results += [event.result] if event.result is not None else []
    assert children[-1] == "killed"
    assert not [
        (result.slug, result.status, [test.text() for test in result.tests if test.status != "passed"])
        for result in results
        if result.status != "passed"
    ]
    assert len(results) == 6


@pytest.mark.skipif(not zygotes.forks(), reason="graders are forked on Linux")
@pytest.mark.parametrize("alive", [True, False])
def test_graders_started_ahead_are_used_once_and_may_have_died(alive):
    from course import checking
    from course.learner.subject import Subject
    from course.processes import starting

    starting.ahead()
    ahead = starting._ahead
    assert ahead is not None
    if not alive:
        ahead.process.kill()
        ahead.process.wait()
    task = checking.Task(Subject(catalog().exercise("neuron"), "neuron.py", solution("neuron")), 0)
    with checking.Graders(1, ["numpy"]) as graders:
        first = graders.pids()
        [result] = [event.result for event in graders.run([task]) if event.result is not None]
    assert first == [ahead.process.pid]
    assert result.status == "passed"
    assert starting._ahead is None
    assert ahead.process.poll() is not None


@pytest.mark.skipif(not zygotes.forks(), reason="graders are forked on Linux")
@pytest.mark.parametrize(
    ("words", "status"), [(["check", "nonsense"], 2), (["check", "--help"], 0), (["check", "--seed", "x"], 2)]
)
def test_graders_started_ahead_for_nothing_end_with_the_command(words, status, tmp_path):
    """Whoever holds the pipe's other end would be waited for here."""
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    process = subprocess.Popen(
        [sys.executable, "-m", "course", *words],
        cwd=tmp_path,
        env={
            **os.environ,
            "COURSE_KEEP": "0",
            "COURSE_DEBUG": "1",
        },  # a grader's errors go where the command's go
        stdout=subprocess.DEVNULL,
        stderr=write_end,
        pass_fds=[write_end],
    )
    os.close(write_end)
    with os.fdopen(read_end, "rb") as told:
        assert b"Traceback" not in told.read()  # until the last one that could say something has gone
    assert process.wait() == status


@pytest.mark.skipif(os.name != "posix", reason="closed by a shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_what_somebody_closed_is_nobody_else_s(closed, tmp_path):
    """As under cron or a supervisor: the next file opened would be standard input, also of what is started then."""
    target = tmp_path / "day07" / "activations.py"
    target.parent.mkdir()
    target.write_text(solution("activations"), encoding="utf-8")
    command = f"{shlex.quote(sys.executable)} -m course check activations --submission {shlex.quote(str(tmp_path))} {closed}"
    environment = {**os.environ, "COURSE_CACHE": str(tmp_path / "cache")}
    code = "import course, sys; sys.exit(not course.check('activations', submission=sys.argv[1], fresh=True).passed)"
    asked = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} {shlex.quote(str(tmp_path))} {closed}"
    for each in (command, asked):
        done = subprocess.run(["/bin/sh", "-c", each], env=environment, check=False, timeout=300)
        assert done.returncode == 0, each


def test_results_are_not_kept_over_another_keras(monkeypatch, tmp_path):
    from course.checking import cache

    digests = []
    for number, version in enumerate(("3.1", "3.2", "3.2")):
        packages = tmp_path / str(number)
        (packages / f"keras-{version}.dist-info").mkdir(parents=True)
        monkeypatch.setattr("course.worker.imports.search_path", lambda found=packages: [str(found)])
        digests.append(cache.program.__wrapped__())
    assert digests[0] != digests[1] == digests[2]


def test_graders_run_under_plain_pytest(run, content, tmp_path):
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(content / "graders/day10/test_lstm_gates.py"),
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    good = subprocess.run(
        [*command, "--submission", str(content / "solutions")], capture_output=True, text=True, check=False
    )
    assert good.returncode == 0, good.stdout + good.stderr
    (tmp_path / "lstm_gates.py").write_text(solution("lstm_gates").replace("np.tanh(c)", "c"))
    bad = subprocess.run(
        [*command, "--submission", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert bad.returncode == 1
    assert "lstm_step(" in bad.stdout
    none = subprocess.run(command, capture_output=True, text=True, check=False)
    assert none.returncode == 4
    assert "--submission DIR" in none.stderr


@pytest.mark.parametrize(
    ("option", "there", "missing"),
    [("--no-mutants", "variants", "mutants"), ("--no-variants", "mutants", "variants")],
)
def test_the_proof_leaves_out_what_it_is_told_to(run, option, there, missing):
    said = run("dev", "check", "neuron", option, "--seeds", "1")
    assert re.search(rf"(?m)^neuron: .*\d+ (syntax )?{there}", said)
    assert missing not in said
    assert "problems: 0" in said


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["check", "neuron", "--no-mutants", "--no-variants"], 0, "problems: 0"),
        (["build"], 2, f"-m pip install -e '{CONTENT}[dev]'"),
    ],
)
def test_maintaining_without_what_only_maintainers_need(run, arguments, status, says):
    program = "import sys; sys.modules['babel.messages'] = None; from course.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "dev", *arguments],
        env=run.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_grader_runs_by_pytest_alone():
    """As graders/conftest.py says, with what the course itself installs: none of the tests' own plugins."""
    arguments = [
        "-p",
        "no:xdist",
        "-p",
        "no:timeout",
        "-p",
        "no:cacheprovider",
        "graders/day08/test_neuron.py",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "--submission", "solutions"],
        cwd=CONTENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
    assert "course: seed" in done.stdout


def test_a_mistyped_command_is_told_the_nearest(run):
    import click

    from course.cli.tree import course

    with pytest.raises(click.UsageError) as caught:
        course.resolve_command(click.Context(course), ["chek"])
    if hasattr(click.exceptions, "NoSuchCommand"):  # click from 8.3 on looks for what is near
        assert "check" in caught.value.format_message()
    assert "chek" in run("chek", expect=2)
