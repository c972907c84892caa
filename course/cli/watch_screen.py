"""What `course watch` shows: one screen that fits, whatever the terminal's size."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.text import Text

from course import language
from course.content import catalog, texts
from course.language import gettext as _
from course.results import ExerciseResult, TestResult, status_word
from course.terminal import screen, status_screen
from course.watch.state import State

# Where it is narrower, the keys stand without their names.
_NARROW = 50

_Lines = list[list[Segment]]


def draw(state: State, folder: Path, target: Console, width: int, height: int) -> list[str]:
    """The screen's rows, at most `height`; what does not fit is reached by scrolling, and said to be there."""
    head = _lines(_head(state, folder, target), target, width)
    foot = _lines(_foot(state, target, width), target, width)
    if height >= 12:
        head, foot = [*head, []], [[], *foot]
    room = max(height - len(head) - len(foot), 1)
    body = _body(state, folder, target, width, room)
    state.scroll = min(state.scroll, max(len(body) - room, 0))
    shown = body[state.scroll : state.scroll + room]
    more = len(body) - state.scroll - len(shown)
    if more and len(shown) > 1:
        said = Text(_("↓ more lines: {count}").format(count=more + 1), style="dim")
        shown[-1:] = _lines(said, target, width)[:1]
    shown += [[]] * (room - len(shown))
    return [_ansi(line, target, width) for line in [*head, *shown, *foot][:height]]


def _head(state: State, folder: Path, target: Console) -> RenderableType:
    exercise, result = state.current, state.result
    title = Text(no_wrap=True, overflow="ellipsis")
    if result is not None:
        title.append_text(screen.mark(result.status, target)).append(" ")
    title.append(exercise.slug, style="bold").append(f"  {texts.title(exercise, language.current())}")
    facts = []
    if result is not None and result.max_points:
        facts.append(f"{result.points}/{result.max_points}")
    if state.grading == exercise.slug:
        facts.append(_("grading"))
        if state.tests_done and result is not None and result.tests:
            facts[-1] += f" {state.tests_done}/{len(result.tests)}"
    elif result is not None:
        facts.append(status_word(result.status))
    path = state.path.relative_to(folder)
    where = Text(" · ".join([str(path), *facts]), style="dim", no_wrap=True, overflow="ellipsis")
    return Group(title, where)


def _foot(state: State, target: Console, width: int) -> RenderableType:
    day = next(day for day in catalog.catalog().days if day.slug == state.current.day)
    passed = sum(exercise.slug in state.passed for exercise in day.exercises)
    progress = Text(f"{day.slug} ", no_wrap=True, overflow="ellipsis")
    progress.append_text(status_screen.bar(passed / len(day.exercises), target, width=20))
    progress.append(f" {passed}/{len(day.exercises)}")
    names = {"h": _("hint"), "n": _("next"), "l": _("list"), "s": _("text"), "r": _("reset"), "q": _("quit")}
    keys = Text()
    for key, name in names.items():
        keys.append("  " if keys else "").append(key, style="bold")
        if width >= _NARROW:
            keys.append(f" {name}", style="dim")
    note = [Text(state.note, style="yellow")] if state.note else []
    return Group(*note, progress, keys)


def _body(state: State, folder: Path, target: Console, width: int, room: int) -> _Lines:
    exercise = state.current
    text = texts.text(exercise, language.current())
    match state.view:
        case "text":
            return _lines(_markdown(text.prompt), target, width)
        case "hint":
            head = _("Hint {number} of {count}").format(number=state.hint, count=len(text.hints))
            said = Group(Text(head, style="bold"), Text(), _markdown(text.hints[state.hint - 1]))
            return _lines(said, target, width)
        case "explanation" if state.just_passed is not None:
            done = texts.text(catalog.catalog().exercise(state.just_passed.slug), language.current())
            said = Group(Text(done.title, style="bold"), Text(), _markdown(done.explanation))
            return _lines(said, target, width)
        case "list":
            return _list(state, target, width, room)
        case "reset":
            path = state.path.relative_to(folder)
            question = _("Put the stub back over {path}? A backup is kept.").format(path=path)
            return _lines(Group(Text(question), Text(), Text(_("y: yes · any other key: no"))), target, width)
    banner = [*_lines(_banner(state, target), target, width), []] if state.just_passed is not None else []
    return banner + _result(state, target, width, room - len(banner))


def _banner(state: State, target: Console) -> RenderableType:
    done = state.just_passed
    assert done is not None
    line = screen.mark("passed", target)
    text = _("{slug} passed, {points}/{most}").format(
        slug=done.slug, points=done.points, most=done.max_points
    )
    line.append(f" {text}", style="bold green").append(" · " + _("e: explanation"), style="dim")
    parts = [line]
    if state.complete:
        parts.append(Text(_("Everything passed. Well done!"), style="bold green"))
    elif done.slug != state.current.slug:
        parts.append(Text(_("Next: {command}").format(command=state.current.slug), style="dim"))
    return Group(*parts)


def _result(state: State, target: Console, width: int, room: int) -> _Lines:
    result = state.result
    text = texts.text(state.current, language.current())
    if result is None or all(test.status == "todo" and not test.message for test in result.tests):
        return _lines(_markdown(text.prompt), target, width)  # nothing written yet: what there is to do
    full = _lines(_tests(result, result.tests, text, target), target, width)
    if len(full) <= room:
        return full
    # Too long: a mark for every test, and only the first failure in words.
    marks = Text(" ").join(screen.mark(test.status, target) for test in result.tests)
    failure = _first_failure(result)
    short = _tests(result, [failure] if failure is not None else [], text, target)
    return _lines(Group(marks, Text(), short), target, width)


def _tests(
    result: ExerciseResult,
    tests: tuple[TestResult, ...] | list[TestResult],
    text: texts.Text,
    target: Console,
) -> RenderableType:
    failure = _first_failure(result)
    parts: list[RenderableType] = []
    for test in tests:
        parts.append(screen.test_line(test, text.tests.get(test.name, test.name), target))
        if test is failure:
            parts += [Padding(paragraph, (0, 0, 0, 4)) for paragraph in screen.paragraphs(test)]
    if result.missing:
        parts += [Text(), Text(_("r puts the stub back."), style="cyan")]
    return Group(*parts)


def _first_failure(result: ExerciseResult) -> TestResult | None:
    return next((t for t in result.tests if t.status not in ("passed", "blocked") and t.message), None)


def _list(state: State, target: Console, width: int, room: int) -> _Lines:
    rows: _Lines = []
    for place, exercise in enumerate(state.exercises):
        result = state.results.get(exercise.slug)
        status = (
            "passed" if exercise.slug in state.passed else result.status if result is not None else "todo"
        )
        row = Text("› " if place == state.chosen else "  ", no_wrap=True, overflow="ellipsis")
        row.append_text(screen.mark(status, target))
        row.append(f" {exercise.slug}", style="bold" if place == state.chosen else "")
        row.append(f"  {texts.title(exercise, language.current())}", style="dim")
        rows += _lines(row, target, width)
    # The line under the choice stays in sight, as does the one above.
    state.scroll = min(max(state.scroll, state.chosen - room + 3), max(state.chosen - 1, 0))
    return rows


def _markdown(text: str) -> RenderableType:
    from course.terminal import markdown

    return markdown.render(text)


def _lines(shown: RenderableType, target: Console, width: int) -> _Lines:
    lines = target.render_lines(shown, target.options.update(width=width), pad=False)
    while lines and not "".join(segment.text for segment in lines[-1]).strip():
        lines.pop()
    return lines


def _ansi(line: list[Segment], target: Console, width: int) -> str:
    """A row as the terminal takes it."""
    with target.capture() as captured:
        target.print(Segments(Segment.adjust_line_length(line, width, pad=False)), end="", soft_wrap=True)
    return captured.get()
