"""The bank: what reads, what is found wrong, what is drawn, what is released."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import tomllib

import pytest

from course.learner.store.asked import Asked
from course.quizzes import bank, draw, expression, judge, lint, places, release
from course.quizzes.errors import BankError, DrawError, UnknownQuiz
from tests import quiz_bank


def question(root, name):
    return bank.select([name], root)[0]


def edit(root, old, new):
    path = bank.source(quiz_bank.DAY, root)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return lint.day(quiz_bank.DAY, root)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ceil(n / batch)", 8),
        ("n // batch if n % batch == 0 else n // batch + 1", 8),
        ("-2 ** 2 + abs(-3)", -1),
        ("1 < n <= 1000 and not batch == 3", True),
        ("min([3, 1, 2]) + sum([1, 2]) + max(4, 5)", 9),
        ("round(sigmoid(0) + tanh(0) + exp(0) + log(1) + log2(8) + sqrt(4), 3)", 6.5),
        ("floor(pi * 10) / 10", 3.1),
        ("[n, batch, 'same']", [1000, 128, "same"]),
    ],
)
def test_expressions(text, value):
    assert expression.evaluate(text, {"n": 1000, "batch": 128}) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "n.real", "n.__class__", "[x for x in [1]]", "lambda: 1", "open('f')", "(1).bit_length()",
        "f'{n}'", "n[0]", "{1: 2}", "min(n, key=n)", "1 / 0", "log(0)", "10 ** 10 ** 10", "2 ** 0.5 ** -9999", "'a' * 10 ** 9",
        "[0] * 10 ** 9", "unknown", "1 +", "", "exp(1000)", "(-8) ** 0.5", "n := 3", "*n", "1j", "b'x'", "..." + "+1" * 500,
        "ceil", "ceil()", "sqrt([1])",
    ],
)  # fmt: skip
def test_nothing_else_is_an_expression(text):
    with pytest.raises(expression.ExpressionError):
        expression.number(text, {"n": 3})


def test_values_as_they_are_shown():
    shown = {7: "7", 8.0: "8", 0.5: "0.5", 0.57444251: "0.5744", 1234.5678: "1234.57", -0.1234: "-0.1234", 2e-5: "0.00002",
             0.5**40: "9.095e-13", 1e6: "1000000", 99.995: "100", 0.1 + 0.2: "0.3"}  # fmt: skip
    assert {value: places.shown(value) for value in shown} == shown
    assert places.shown([2, 0.5]) == "[2, 0.5]"


def test_places():
    values = {"n": 3, "t": 0.25}
    assert places.fill("{n} of {t}, {other}", values) == "3 of 0.25, {other}"
    assert places.fill("$x_{t}^{2}$ and {{n}}", {"n": 1}) == "$x_{t}^{2}$ and {n}"
    assert places.fill("$2^{{n}}$: 2 to the {n}, {n}", {"n": 12}) == "$2^{n}$: 2 to the 12, 12"
    assert places.fill("x = {'$': {n}, '$': {n}}", values, code=True) == "x = {'$': 3, '$': 3}"
    assert places.fill("$\\frac{1}{2^{n}}$", values) == "$\\frac{1}{2^{3}}$"
    assert places.fill("{{'a': {n}}}", values) == "{'a': 3}"
    assert places.unknown("{n} {m} $\\frac{a}{b}$ `{x}`", {"n"}) == {"m"}


def test_the_small_bank_is_in_order(root):
    assert lint.day(quiz_bank.DAY, root) == []
    assert {question.kind for question in bank.everything(root)} == set(lint_kinds())
    assert lint.everything(root) == []  # its manifest states no least numbers


def test_a_course_states_how_many_questions_it_wants(root):
    manifest = root / "exercises" / "manifest.toml"
    least = "\n[quiz]\nleast = { study = 4, day10 = 20, difficult = 9, all = 99 }\n"
    manifest.write_text(manifest.read_text(encoding="utf-8") + least, encoding="utf-8")
    path = bank.source(quiz_bank.DAY, root)
    found = lint.day(quiz_bank.DAY, root)
    assert f"{path}: topic rnn: 2 questions of at least 4 ({manifest}: [quiz] least: study)" in found
    assert f"{path}: day10: 8 questions of at least 20 ({manifest}: [quiz] least: day10)" in found
    hard = f"questions of difficulty 3 of at least 9 ({manifest}: [quiz] least: difficult)"
    assert any(problem.startswith(f"{path}: topic keras: ") and hard in problem for problem in found)
    assert not any("topic keras" in problem and "least: study" in problem for problem in found)
    whole = lint.everything(root)
    assert set(found) < set(whole)
    assert f"all: 8 questions of at least 99 ({manifest}: [quiz] least: all)" in whole


def test_a_day_without_questions_counts_too(root):
    manifest = root / "exercises" / "manifest.toml"
    least = "\n[quiz]\nleast = { study = 1, topic = 1, day10 = 1 }\n"
    manifest.write_text(manifest.read_text(encoding="utf-8") + least, encoding="utf-8")
    bank.source(quiz_bank.DAY, root).unlink()
    assert {problem.partition(": ")[2].partition(" questions")[0] for problem in lint.everything(root)} == {
        "topic rnn: 0", "topic lstm: 0", "topic keras: 0", "day10: 0"
    }  # fmt: skip


def test_a_topic_names_exercises_that_there_are(root):
    topics = bank.topics_file(root)
    text = topics.read_text(encoding="utf-8")
    topics.write_text(
        text.replace('["rnn_step"]', "[]", 1).replace('["rnn_step"]', '["rnn_stop"]', 1), encoding="utf-8"
    )
    assert lint.day(quiz_bank.DAY, root) == [
        f"{topics}: topic rnn: no exercise to read",
        f"{topics}: topic lstm: read: there is no exercise rnn_stop",
    ]


def lint_kinds():
    from course.quizzes.question import KINDS

    return KINDS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "gates"', 'id = "rnn_true"', "the id rnn_true occurs 2 times"),
        ('id = "gates"', 'id = "Gates!"', "id: lower-case"),
        ('topic = "lstm"', 'topic = "nothing"', "no topic nothing"),
        ('kind = "text"', 'kind = "essay"', "kind 'essay'"),
        ("difficulty = 1", "difficulty = 4", "difficulty is 1, 2 or 3"),
        ('ko = "출력은 출력 게이트가 정합니다."', 'ko = ""', "ko is missing"),
        ('ko = "출력은 출력 게이트가 정합니다."', 'ko = "출력은 출력 게이트가 정한다."', "politely"),
        ('answer = "ceil(n / batch)"', 'answer = "ceil(n / batches)"', "there is no batches"),
        ('value = "n // batch", why', 'value = "ceil(n / batch)", why', "accepted as the answer"),
        ('value = "n // batch", why', 'value = "n", why', "two mistakes are"),
        ('value = "n // batch", why', 'value = "n", why', "`where` can leave such draws out"),
        (', why = { en = "That is the input gate at 0.", ko = "그것은 입력 게이트가 0일 때입니다." }', "",
         "choice 2: a wrong choice needs a why, told to who answers so: why = { en = …, ko = … }"),
        ('where = "n % batch != 0"', 'where = "n < 0"', "held in none"),
        ('where = "n % batch != 0"\n', "", "accepted as the answer"),
        ('answer = "ceil(n / batch)"', 'answer = "ceil(n / batch)"\nabsolute = 1', "accepted as the answer"),
        ("한 에포크는", "{m} 에포크는", "nothing fills {m}"),
        ("배치 크기 {batch}: 한", "배치: 한", "not the same places"),
        ("how many iterations is one epoch?", "one epoch is {answer}?", "gives {answer} away"),
        ("from = 500, to = 5000, step = 10", "from = 500, to = 500", "only 4 different draws"),
        ("from = 500, to = 5000, step = 10", "from = 500, to = 5000, step = 0", "has no values"),
        ('value = "n - k + 1"', 'value = "n - k"', "two choices read"),
        ('{ value = "k",', '{ correct = true, value = "k",', "exactly one choice is correct"),
        ('en = "It outputs 0"', 'en = "All of the above"', "refers to other choices"),
        ('accept = { en = ["reset",', 'accept = { en = ["candidate",', "stands in the question"),
        ("answer = true", "answer = 1", "answer is true or false"),
        ("code = '''", "code_ = '''", "a code question needs code"),
        ('en = "It drops the old cell state"',
         'en = "It drops the old cell state entirely, since its forget gate multiplies that state by zero"', "by far the longest"),
        ('{ left = { en = "Dense(1)", ko = "Dense(1)" }, right = { en = "(None, 1)", ko = "(None, 1)" } },', "", "pairs: 3 to 6"),
        ("$C = f*C", "C = f*C", "a $ without its pair"),
        ("[[question]]", "[[question]", "quiz.toml: "),
    ],
)  # fmt: skip
def test_lint_finds(root, old, new, said):
    problems = edit(root, old, new)
    assert any(said in problem for problem in problems), problems
    path = bank.source(quiz_bank.DAY, root)
    lines = path.read_text(encoding="utf-8").splitlines()
    for problem in problems:
        place = re.match(rf"{re.escape(str(path))}:(\d+): (\S+): ", problem)
        if place is None:  # about several, or the file
            assert problem.startswith(f"{path}: ")
        else:
            assert lines[int(place[1]) - 1] == f'id = "{place[2]}"'


def test_a_question_without_an_id_is_told_by_its_place(root):
    problems = edit(root, 'id = "gates"\n', "")
    path = bank.source(quiz_bank.DAY, root)
    lines = path.read_text(encoding="utf-8").splitlines()
    place = re.match(rf"{re.escape(str(path))}:(\d+): question (\d+): id", problems[0])
    assert lines[int(place[1]) - 1] == "[[question]]"
    assert sum(line == "[[question]]" for line in lines[: int(place[1])]) == int(place[2])


def test_lint_finds_a_question_asked_twice(root):
    path = bank.source(quiz_bank.DAY, root)
    text = path.read_text(encoding="utf-8")
    entry = text[text.index('[[question]]\nid = "gates"') : text.index('[[question]]\nid = "gru_name"')]
    path.write_text(text + "\n" + entry.replace('id = "gates"', 'id = "gates_again"'), encoding="utf-8")
    line = len(text.splitlines()) + 3
    assert f"{path}:{line}: gates_again: asks nearly the same as gates" in lint.day(quiz_bank.DAY, root)


def test_a_broken_bank_says_where(root):
    edit(root, "difficulty = 2", "difficulty = 9")
    with pytest.raises(BankError, match=r"quiz\.toml:2: lstm_forget_gate_zero: difficulty"):
        bank.load(quiz_bank.DAY, root)


def test_selection(root):
    assert len(bank.select([], root)) == len(bank.select(["day10"], root)) == 8
    assert {question.topic for question in bank.select(["lstm", "rnn"], root)} == {"lstm", "rnn"}
    with pytest.raises(UnknownQuiz) as caught:
        bank.select(["lsmt"], root)
    assert caught.value.nearest == ["lstm"]


def test_the_kept_copy_follows_the_file(root):
    assert len(bank.load(quiz_bank.DAY, root)) == 8
    path = bank.source(quiz_bank.DAY, root)
    path.write_text(path.read_text(encoding="utf-8").replace("망각", "잊기"), encoding="utf-8")
    assert "잊기" in str(
        [question.text for question in bank.load(quiz_bank.DAY, root)]
        + [question(root, "gates").choices[0].words, question(root, "lstm_forget_gate_zero").text]
    )


def test_draws_repeat_and_go_to_json_and_back(root):
    for one in bank.everything(root):
        draws = [draw.ask(one, seed) for seed in range(40)]
        assert draws == [draw.ask(one, seed) for seed in range(40)]
        for asked in draws:
            assert Asked.from_json(json.loads(json.dumps(asked.to_json()))) == asked
            shown = json.dumps(asked.shown("ko"), ensure_ascii=False)
            assert asked.explanation["ko"] not in shown
        if one.parameterised:
            assert len({str(asked.values) for asked in draws}) > 20
        elif one.kind not in ("text", "true_false"):
            assert len({str(asked.shown("en") | {"seed": 0}) for asked in draws}) > 1


def test_a_collision_is_drawn_again(root):
    one = question(root, "iterations_per_epoch")
    without = dataclasses.replace(one, where="")
    assert any(draw.collisions(draw.once(without, seed)) for seed in range(1000))
    assert not any(draw.collisions(draw.ask(without, seed)) for seed in range(1000))
    never = dataclasses.replace(one, mistakes=(one.mistakes[0], one.mistakes[0]))
    with pytest.raises(DrawError, match="two mistakes"):
        draw.ask(never, 0)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("35", True),
        ("35.0", True),
        (" 35 iterations", True),
        ("35회", True),
        ("3.5e1", True),
        ("70/2", True),
        ("34", False),
        ("35.01", False),
    ],
)
def test_a_whole_answer_is_exact(root, line, right):
    asked = draw.ask(question(root, "iterations_per_epoch"), 3)
    assert asked.key == 35
    assert judge.judge(asked, judge.typed(asked, line)).right is right


@pytest.mark.parametrize("line", ["", "many", "1e999", "nan", "1/0", "0x1F", "1_0", "12 13 iter"])
def test_what_is_no_number(root, line):
    asked = draw.ask(question(root, "iterations_per_epoch"), 3)
    try:
        assert judge.typed(asked, line) is None
    except judge.Unreadable:
        return
    assert not line


def test_tolerances(root):
    one = dataclasses.replace(question(root, "iterations_per_epoch"), answer="n / batch")
    asked = draw.ask(one, 3)
    assert isinstance(asked.key, float)
    assert (asked.absolute, asked.relative) == (0.0, 0.01)
    assert judge.judge(asked, asked.key * 1.0099).right
    assert not judge.judge(asked, asked.key * 1.0101).right
    wide = draw.ask(dataclasses.replace(one, absolute=0.5), 3)
    assert judge.judge(wide, wide.key + 0.5).right
    assert not judge.judge(wide, wide.key + 0.51).right
    thousands = draw.ask(dataclasses.replace(one, answer="n * 100"), 3)
    assert judge.judge(thousands, judge.typed(thousands, f"{thousands.key:,}")).right
    rounded = judge.judge(wide, math.floor(wide.mistakes[0].value))
    assert rounded.whys == (wide.mistakes[0].why,)


@pytest.mark.parametrize(
    "form", ["reset", "RESET gate", "reset-gate", "Reset  gate.", "리셋", "리셋게이트", "리셋 게이트"]
)
def test_forms_of_a_short_text(root, form):
    asked = draw.ask(question(root, "gru_name"), 0)
    assert judge.judge(asked, judge.typed(asked, form)).right


def test_partial_credit(root):
    gates = draw.ask(question(root, "gates"), 1)
    right, wrong = gates.key, [p for p in range(1, 5) if p not in gates.key]
    assert judge.judge(gates, right[:1]).credit == 0.5
    assert judge.judge(gates, right + wrong[:1]).credit == 0.5
    assert judge.judge(gates, [1, 2, 3, 4]).credit == 0
    assert [judge.judge(gates, [w]).whys for w in wrong] == [(gates.choices[w - 1].why,) for w in wrong]
    steps = draw.ask(question(root, "steps"), 1)
    assert judge.judge(steps, steps.key[1:] + steps.key[:1]).credit == pytest.approx(2 / 3)
    shapes = draw.ask(question(root, "shapes"), 1)
    swapped = [shapes.key[1], shapes.key[0], shapes.key[2]]
    assert judge.judge(shapes, swapped).credit == pytest.approx(1 / 3)
    letters = " ".join(
        f"{letter}{place}" for letter, place in reversed(list(zip("ABC", shapes.key, strict=True)))
    )
    assert judge.typed(shapes, letters) == shapes.key


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("lstm_forget_gate_zero", [0, 4, True, [1], 1.5, "5", "a"]),
        ("gates", [1, [0], [1, 9], {}, "7"]),
        ("rnn_true", [1, [True], "maybe"]),
        ("steps", [[1, 2, 3], [1, 1, 2, 3], "1 2 3 5"]),
        ("shapes", [[1, 2], [1, 2, 4], "A1 B2"]),
        ("gru_name", [["reset"], {"a": 1}]),
        ("iterations_per_epoch", [True, [1], float("nan"), "x"]),
    ],
)
def test_an_answer_of_another_form_is_refused(root, name, answers):
    asked = draw.ask(question(root, name), 1)
    for answer in answers:
        with pytest.raises(judge.Unreadable):
            judge.judge(asked, answer)


def test_the_released_file_keeps_the_secret(root):
    text = release.render(bank.everything(root), quiz_bank.DAY)
    data = tomllib.loads(text)
    written = tomllib.loads(bank.source(quiz_bank.DAY, root).read_text(encoding="utf-8"))
    assert [q["id"] for q in data["question"]] == [q["id"] for q in written["question"]]
    for shown, whole in zip(data["question"], written["question"], strict=True):
        assert not {"answer", "explanation", "mistakes", "accept", "why", "where", "pairs"} & set(shown)
        assert shown["text"] == whole["text"]
        assert shown.get("code", "").strip() == whole.get("code", "").strip()
        for choice in shown.get("choices", []):
            assert set(choice) in ({"en", "ko"}, {"value"})
        key = whole.get("explanation")["en"]
        assert key not in text
    for name in ("choices", "items", "left", "right"):
        orders = [entry[name] for entry in data["question"] if name in entry]
        assert orders
    # The order in the released file does not follow the one that is written, right ones first.
    firsts = [bool(w["choices"][0].get("correct")) and r["choices"][0].get("en", r["choices"][0].get("value")) ==
              w["choices"][0].get("en", w["choices"][0].get("value"))
              for r, w in zip(data["question"], written["question"], strict=True) if "choices" in r]  # fmt: skip
    assert not all(firsts)
