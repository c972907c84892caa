"""Results on a screen: nothing is cut or too wide at any width, in either language."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course import language
from course.language.messages import Message, say
from course.results import ExerciseResult, TestResult
from course.terminal import screen

TESTS = (
    TestResult("forget_gate", "passed", 1, 1),
    TestResult(
        "gates",
        "failed",
        0,
        2,
        message=(
            say("{call} returned {got}", call="lstm_gates(<array 5>, <array 5×8>)", got="array([0.5, 1.25])"),
            say("Expected {want}", want="array([0.25, 1.25])"),
            say("Every entry is {factor} times what it should be.", factor="2"),
        ),
    ),
    TestResult(
        "keras", "blocked", 0, 2, True, (say("Waits for: {title}", title=Message("gates", {}, "lstm_gates")),)
    ),
)


@pytest.fixture(params=["en", "ko"])
def code(request, monkeypatch):
    monkeypatch.setattr(language, "_chosen", request.param)
    return request.param


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_an_exercise_fits(code, width):
    console = Console(width=width, file=io.StringIO())
    console.print(screen.exercise(ExerciseResult("lstm_gates", "day10", TESTS), console))
    text = console.file.getvalue()
    assert all(cell_len(line) <= width for line in text.splitlines())
    flat = "".join(text.split())
    for test in TESTS[:2]:
        for part in test.message:
            assert "".join(part.render(code).split()) in flat
    assert "1/5" in text
    assert "lstm_gates" in text


@pytest.mark.parametrize("width", range(30, 90, 7))
def test_long_titles_hang_and_lose_nothing(width):
    title = "어떤 가중치를 넣어도 식대로 계산합니다. SimpleRNN은 tanh, Dense 세 층은 relu, 마지막 층은 활성화 함수가 없습니다"
    console = Console(width=width, file=io.StringIO())
    console.print(screen.test_line(TestResult("x", "blocked", 0, 2), title, console))
    lines = console.file.getvalue().splitlines()
    assert "".join(title.split()) in "".join("".join(lines).split())
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


def test_a_terminal_without_these_signs():
    class Plain(Console):
        encoding = "ascii"

    assert screen.mark("passed", Plain(file=io.StringIO())).plain == "+"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [20, 37, 80])
def test_columns_with_a_space_between_look_as_rich_s_own_grid(encoding, width):
    def shown(table):
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
        table.add_column(width=1)
        table.add_column(overflow="fold")
        table.add_column(min_width=5, justify="right", no_wrap=True)
        table.add_row("+", Text("한국어로 쓴 긴 제목이 접힙니다 " * 2, style="bold"), "3/12")
        table.add_row("", "short", "")
        Console(file=file, width=width, force_terminal=True, color_system="truecolor").print(table)
        file.flush()
        return file.buffer.getvalue()

    assert shown(screen.grid()) == shown(Table.grid(padding=(0, 1, 0, 0)))
