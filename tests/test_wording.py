"""The editor's checks: each kind of slip is found, and what only looks like one is not."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from course import language
from course.cli.tree import course as command
from course.content import glossary
from course.dev import wording
from course.language import fill
from course.language.messages import Message


@pytest.fixture(scope="module")
def terms():
    return glossary.load()


KOREAN_SLIPS = {
    "a particle after what is drawn": [
        "정답은 {answer}을 반올림한 값입니다.",
        "{got}이(가) 나왔습니다.",
        "`test_size={share}`로 나눕니다.",
        "이력에 {names}은(는) 없습니다.",
        '"{name}"와 다릅니다.',
    ],
    "a particle after a fraction": ["2/25을 곱합니다.", "1/3는 0.333입니다."],
    "the particle does not agree with the figure": [
        "1432을 나눕니다.",
        "0.3로 나눕니다.",
        "`test_size=0.3`로 나눕니다.",
        "Keras 3는 새 버전입니다.",
        "값이 7와 같습니다.",
        "8으로 나눕니다.",
    ],
    "the particle does not agree with the word": [
        "28 × 28픽셀가 한 행이 됩니다.",
        "채널을 픽셀와 함께 옮깁니다.",
        "기울기을 구합니다.",
        "유닛는 다섯 개입니다.",
        "은닉층로 넘깁니다.",
        "데이터 누출가 생깁니다.",
        "에포크이 끝나면",
    ],
    "the particle does not agree with the word before the bracket": [
        "모델은 배치(batch)을 받습니다.",
        "적은 에포크(500 대신 300)으로 끝납니다.",
        "**은닉층**(hidden layer)는 하나입니다.",
        '모두 "만족"라고 하는 "만족"는',
    ],
    "the particle does not agree with the abbreviation": [
        "CNN는 합성곱을",
        "GRU은 게이트가",
        "MSE을 씁니다.",
    ],
    "two backslashes before a command": ["값은 $\\\\max(0, x)$입니다."],
    "a blank between figure and unit": [
        "10 에포크면 충분합니다.",
        "1565 행이 남습니다.",
        "17 %입니다.",
        "3 개를 고릅니다.",
        "20 에포크 동안",
        "3 쪽을 읽습니다.",
    ],
    "a blank belongs between figure and unit": ["여유 공간 {free}GB", "256MB를 넘거나", "5ms 안에"],
    "a blank before the term in brackets": [
        "오차역전파 (backpropagation)는",
        "교차 엔트로피 (cross-entropy)를",
    ],
    "the line break becomes a blank inside a word": [
        "**선형 모델**(linear model)\n입니다. 이렇게",
        "오차역전파\n(backpropagation)는 오차를",
        "값은 `x`\n이고",
    ],
    "bold that ends in a bracket": ["**선형 모델(linear model)**입니다."],
    "a question of the text itself": ["몇 번이 알맞습니까?", "지연이 30분 이하입니까?"],
    "the glossary says '인수'": ["인자를 바꾸지 않습니다.", "첫 번째 인자는"],
    "the glossary says '모양'": [
        "크기가 (7, 3, 1)인 배열",
        "크기는 `(units,)`입니다",
        "크기가 {shape}입니다",
    ],
    "the glossary says '반환'": ["값을 돌려줍니다.", "함수가 돌려준 값"],
    "the glossary says '목표값'": ["타깃을 만듭니다."],
    "the glossary says '임곗값'": ["임계값을 정합니다."],
    "the glossary says '순환층'": ["순환 층을 쌓습니다.", "마지막 순환\n층 뒤에"],
    "the glossary says '훈련 데이터'": ["학습\n데이터에서"],
    "the glossary says '불리언'": ["불(boolean) 배열입니다.", "불 배열을 반환합니다."],
    "the glossary says '딕셔너리'": ["이름이 키인 dict를 반환합니다."],
    "the glossary says '이상치'": ["값을 울타리\n위로 옮깁니다."],
    "the glossary says '배치 크기'": ["배치 모양(batch size)이 32입니다."],
    "the glossary says '패턴'": ["작은 생김새를 찾습니다."],
    "the glossary says 'Keras'": ["케라스의 층입니다."],
    "refers to what only the lecture shows": [
        "강의 코드의 주석에는",
        "강의의 5×5 이미지입니다.",
        "강의와 같이 나눕니다.",
        "강의의 그림이 바로 이것입니다.",
        "강의에서 말한 대로",
        "강의에서\n말한 대로",
    ],
}
ENGLISH_SLIPS = {
    "no English": [
        "How many parameters has this model?",
        "Which of these belong into a grid?",
        "a model that predicts rightly",
        "What does it make of it?",
        "It drops 30 % of the units.",
        "How many has it when the layer is replaced?",
        "How many parameters has `Dense(3)` on images?",
        "Which rates have A, B and C?",
        "The smallest network has which hidden layer?",
        "That is 30 trainings.",
    ],
    "a blank belongs between figure and unit": ["{size}MB are left", "within 5ms"],
    "the glossary says": ["back-propagation computes", "the minibatch size", "a one hot row: onehot"],
    "refers to what only the lecture shows": [
        "the comments in the lecture's listing",
        "The lecture's 5×5 image",
        "as in the lecture",
        "as the lecture's picture shows",
    ],
}
FINE = {
    "ko": [
        "1,432행을 나눕니다. 값은 1432를 넘고 0.3으로, 7과 8은, 10과 100은 그대로입니다.",
        "{percent}%가 앞쪽입니다. {name}의 값이 {got}입니다.",
        "배치의 크기가 128입니다. 신경망의 크기를 줄입니다. 폴드의 크기는 같습니다.",
        "쌍은 (train, valid) 순서입니다. 모양은 (k,)입니다.",
        "원래대로 되돌려 놓습니다. 인자료가 아닙니다. 오차역전파(backpropagation)는",
        "얼마나 가파를까요? 일부 강의에서 쓰는 꼴입니다.",
        "`x`\n배열의 값입니다.",
        "나을 것이 없는 층을 이은 결과를 평가와 비교하고, 경로와 효과를 살펴봅니다. 시간 초과입니다.",
        "무엇인가 있는가 하는 질문이며 두 줄을 잇는 길이입니다. 회로로 바꾸고 앞으로 갑니다.",
        "평균(mean)을, 배치(batch)를, 확률(p)로, CNN을, GRU로, `dict(zip(a, b))`와 딕셔너리(dict)를 봅니다.",
        "배치 크기(batch size)가 32입니다. 행렬은 $1 \\\\ 2$입니다.",
        "처음 몇 평균이 0 쪽으로 끌려갑니다. 1 쪽에 더 가깝습니다.",
        "메모리는 3 GB면 됩니다. {free} GB가 남았습니다.",
    ],
    "en": [
        "How many parameters does this model have?",
        "some lectures write it so",
        "5 % 2 is 1, and 30% of it",
        "3 GB and 5 ms; `resnet50MB` and x2kgram",
        "Which row has the largest loss? How many units are there?",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in KOREAN_SLIPS.items() for t in texts])
def test_a_slip_in_korean_is_found(kind, text, terms):
    assert any(problem.startswith(kind) for problem in wording.problems(text, "ko", terms, prose=True))


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in ENGLISH_SLIPS.items() for t in texts])
def test_a_slip_in_english_is_found(kind, text, terms):
    assert any(problem.startswith(kind) for problem in wording.problems(text, "en", terms, prose=True))


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, texts in FINE.items() for t in texts])
def test_what_is_right_is_left_alone(code, text, terms):
    assert list(wording.problems(text, code, terms, prose=True)) == []


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("{count} rows are in both parts", {"count": 1}, "1 rows"),
        ("{count} rows are in both parts", {"count": 2}, None),
        ("{count} {count:row is|rows are} in both parts", {"count": 1}, None),
        ("after {count} more batches", {"count": "1"}, "1 batches"),
        ("class {name} has {got} of them", {"name": 1, "got": 1}, None),
        ("the column {place} holds {got} loss", {"place": 1, "got": 1}, None),
    ],
)
def test_one_thing_told_of_as_several_is_found(template, values, said):
    assert wording.miscounted(template, values) == said


def test_the_word_goes_with_the_number():
    text = "{count} {count:row is|rows are} in {name}"
    assert [fill(text, count=count, name="X") for count in (0, 1, 2)] == [
        "0 rows are in X",
        "1 row is in X",
        "2 rows are in X",
    ]
    assert Message(text, {"count": 1, "name": "{count}"}).render("en") == "1 row is in {count}"
    assert fill("{other} stays, as {1:2} and {} do", count=1) == "{other} stays, as {1:2} and {} do"
    assert Message("{call}: {text}", {"call": "f()", "text": "no"}).render("en") == "f(): no"


def test_a_docstring_entry_in_english_only_is_found(tmp_path, terms):
    source = tmp_path / "solution.py"
    source.write_text(
        'def f(x, y):\n    """Sum.\n\n    합을 구합니다.\n\n    Args:\n        x: a number.\n            수 하나.\n'
        '        y: a number.\n    Returns:\n        a number.\n        수 하나.\n    """\n',
        encoding="utf-8",
    )
    [problem] = wording.of_docstrings(source, ("en", "ko"), terms)
    assert "f: in English only: 'y: a number.'" in problem


def test_every_term_is_whole_and_once(terms):
    assert len(terms) >= 100
    for code in ("en", "ko"):
        words = [term.words[code] for term in terms]
        assert len(set(words)) == len(words)
        avoided = {word.casefold() for term in terms for word in term.avoid.get(code, ())}
        assert not avoided & {word.casefold() for word in words}
        assert all(term.meaning[code].strip() for term in terms)


def test_the_glossary_obeys_itself(terms):
    for term in terms:
        for code in ("en", "ko"):
            assert list(wording.problems(term.meaning[code], code, terms)) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("threshold", "임곗값"),
        ("임계값", "임곗값"),
        ("Shape", "모양"),
        ("타깃", "목표값"),
        ("망각", "망각 게이트"),
    ],
)
def test_a_term_is_found_by_any_of_its_words(wanted, found):
    result = CliRunner().invoke(command, ["glossary", wanted, "--json"])
    assert result.exit_code == 0
    assert found in [term["term"]["ko"] for term in json.loads(result.output)["terms"]]


def test_a_word_that_is_no_term():
    with language.using("ko"):
        result = CliRunner().invoke(command, ["glossary", "zeppelin"])
    assert result.exit_code == 1
    assert "용어집에" in result.output
    assert "course glossary" in result.output
