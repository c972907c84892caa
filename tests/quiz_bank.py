"""A small bank with a question of every kind, and answers of simulated learners."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from course.learner.store.asked import Answer, Asked

DAY = "day10"
WRITTEN = Path(__file__).parent / "quiz_bank.toml"


def lay_out(root: Path) -> Path:
    """A content folder with this bank, and topics of its own."""
    (root / "exercises").mkdir(parents=True)
    (root / "solutions" / DAY).mkdir(parents=True)
    (root / "exercises" / "manifest.toml").write_text(
        'name = "small"\ntitle = { en = "A small one", ko = "작은 강의" }\nlanguages = ["en", "ko"]\n'
        f'[[days]]\nslug = "{DAY}"\ntitle = {{ en = "Sequences", ko = "시퀀스" }}\nexercises = [{{ slug = "rnn_step" }}]\n',
        encoding="utf-8",
    )
    topics = [
        ("rnn", 27, "Recurrent networks", "순환 신경망"),
        ("lstm", 28, "LSTM", "LSTM"),
        ("keras", 0, "Keras", "Keras"),
    ]
    lines = [
        f'[[topic]]\nslug = "{slug}"\nday = "{DAY}"\nread = ["rnn_step"]\nstudy = {study}\ntitle = {{ en = "{en}", ko = "{ko}" }}\n'
        for slug, study, en, ko in topics
    ]
    (root / "solutions" / "topics.toml").write_text("\n".join(lines), encoding="utf-8")
    (root / "solutions" / DAY / "quiz.toml").write_bytes(WRITTEN.read_bytes())
    return root


def wrong_answers(asked: Asked) -> list[Answer]:
    """Answers that earn nothing, together picking every wrong choice and every known mistake."""
    wrong = [place for place, choice in enumerate(asked.choices, start=1) if not choice.correct]
    match asked.kind:
        case "single" | "code":
            return list(wrong)
        case "multiple":
            return [[place] for place in wrong] + [wrong]
        case "true_false":
            return [not asked.key]
        case "numeric":
            return [mistake.value for mistake in asked.mistakes]
        case "text":
            return ["something else"]
        case "order":
            return [list(reversed(asked.key))]
    return [[*asked.key[1:], asked.key[0]]]


def possible_answers(asked: Asked) -> list[Answer]:
    """Every answer one could give by chance; where there is no end of them, one that is wrong."""
    places = range(1, len(asked.choices or asked.items or asked.right) + 1)
    match asked.kind:
        case "single" | "code":
            return list(places)
        case "multiple":
            sizes = range(1, len(places) + 1)
            return [list(chosen) for size in sizes for chosen in itertools.combinations(places, size)]
        case "true_false":
            return [True, False]
        case "order" | "match":
            return [list(order) for order in itertools.permutations(places)]
    return wrong_answers(asked)[:1]


def random_answer(asked: Asked, source: random.Random) -> Answer:
    """One of them."""
    return source.choice(possible_answers(asked))
