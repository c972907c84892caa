"""An exercise's text in the terminal: equations, headings, lists, tables, Korean, at any width."""

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from course.markup.markdown_rules import parser
from course.terminal.markdown import render

TEXTS = sorted((Path(__file__).parents[1] / "exercises").glob("*/*.md"))


def shown(markdown: str, width: int = 80) -> list[str]:
    output = io.StringIO()
    Console(width=width, file=output).print(render(markdown))
    return output.getvalue().rstrip("\n").split("\n")


def test_equations_in_a_sentence_become_unicode() -> None:
    assert shown("The state $h_t$ follows $h_{t-1}$.") == ["The state hₜ follows hₜ₋₁."]


def test_stars_and_underscores_in_an_equation_are_no_emphasis() -> None:
    assert shown("$f_t * C_{t-1}$ and $i_t * \\tilde{C}_t$") == ["fₜ * Cₜ₋₁ and iₜ * C\u0303ₜ"]
    assert shown("**bold $a_b$ and $c_d$**") == ["bold a_b and c_d"]


def test_dollars_in_code_stay() -> None:
    assert shown("Type `echo $HOME $x$`.") == ["Type echo $HOME $x$."]
    assert shown("```sh\necho $HOME $x$\n```") == ["    echo $HOME $x$"]


def test_prices_and_escaped_dollars_are_no_equations() -> None:
    assert shown("From $5 to 10$0, or \\$x\\$.") == ["From $5 to 10$0, or $x$."]


@pytest.mark.parametrize(
    "written",
    ["Before\n\n$$a_t = b$$\n\nafter", "Before\n\n$$\na_t = b\n$$\n\nafter"],
)
def test_a_displayed_equation_stands_alone_and_indented(written: str) -> None:
    assert shown(written) == ["Before", "", "    aₜ = b", "", "after"]


def test_a_displayed_equation_needs_no_blank_line_before_it() -> None:
    assert shown("Before\n$$a_t = b$$\nafter") == ["Before", "", "    aₜ = b", "", "after"]


def test_equations_that_follow_one_another_stand_together() -> None:
    assert shown("$$a_t = b$$\n\n$$c = d$$") == ["    aₜ = b", "    c = d"]


def test_labels_read_alike_within_a_text() -> None:
    assert shown("$W_i$ and\n\n$$W_f$$") == ["W_i and", "", "    W_f"]


def test_a_matrix_keeps_its_rows_and_is_folded_where_they_do_not_fit() -> None:
    written = r"$$W = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$$"
    assert shown(written) == ["    W = ⎛ 1  2 ⎞", "        ⎝ 3  4 ⎠"]
    assert shown(written, 15) == ["    W = (1 2;", "        3 4)"]


def test_a_short_equation_is_not_broken_and_a_long_one_only_before_operators() -> None:
    assert shown("We say that $x = y + z$ holds", 20) == ["We say that", "x = y + z holds"]
    long = "Here $" + " + ".join(f"a_{i}" for i in range(9)) + "$ ends"
    rows = shown(long, 30)
    assert len(rows) > 1
    assert all(row.startswith("+") for row in rows[1:])


def test_headings_are_left_aligned() -> None:
    assert shown("# Title\n\nText\n\n## Part") == ["Title", "", "Text", "", "Part"]


def test_lists_are_numbered_with_a_dot_and_hang() -> None:
    assert shown("1. one two three\n2. four", 14) == [" 1. one two", "    three", " 2. four"]
    assert shown("- a\n- b") == [" • a", " • b"]


def test_an_equation_can_stand_in_a_list() -> None:
    assert shown("- so\n\n  $$a_t$$\n\n- next") == [" • so", "       aₜ", " • next"]


def test_tables_keep_their_columns() -> None:
    rows = shown("| 게이트 | $f_t$ |\n|---|---|\n| 망각 | 0.5 |\n| input | $x_{t-1}$ |")
    assert [row.split() for row in rows if "─" not in row] == [
        ["게이트", "fₜ"],
        ["망각", "0.5"],
        ["input", "xₜ₋₁"],
    ]
    starts = [
        cell_len(row[: row.index(word)])
        for row, word in zip([rows[0], *rows[2:]], ["f", "0.5", "x"], strict=True)
    ]
    assert len(set(starts)) == 1


def test_a_wide_table_keeps_to_the_width() -> None:
    written = "| a | b |\n|---|---|\n| " + "단어 " * 30 + "| " + "word " * 30 + "|"
    assert all(cell_len(row) <= 60 for row in shown(written, 60))
    cut = shown("| loss |\n|---|\n| `sparse_categorical_crossentropy` |", 20)
    assert "".join(row.strip() for row in cut[2:]) == "sparse_categorical_crossentropy"


@pytest.mark.parametrize("width", [60, 80])
def test_korean_is_broken_between_words_within_the_width(width: int) -> None:
    sentence = "순환 신경망은 시점마다 은닉 상태를 새로 계산하여 다음 시점으로 넘깁니다."
    words = sentence.split()
    rows = shown(" ".join(words * 5), width)
    assert all(cell_len(row) <= width for row in rows)
    assert " ".join(rows).split() == words * 5
    assert max(map(cell_len, rows)) > width - 14


def test_emphasis_may_end_beside_a_korean_letter() -> None:
    assert shown('세 개의 **게이트(gate)**로 다스리고, **"만족"**이라 답합니다.') == [
        '세 개의 게이트(gate)로 다스리고, "만족"이라 답합니다.'
    ]
    assert shown("2 * 3 * 4 and a_b_c") == ["2 * 3 * 4 and a_b_c"]


def test_angle_brackets_are_text() -> None:
    assert shown("the word <unk> stays") == ["the word <unk> stays"]


def test_code_is_marked_where_there_is_colour_and_no_line_ends_in_spaces() -> None:
    output = io.StringIO()
    Console(width=40, file=output, force_terminal=True, color_system="standard").print(
        render("Use `np.exp` now.")
    )
    assert "\x1b[36mnp.exp\x1b[0m" in output.getvalue()
    assert all(row == row.rstrip() for row in shown("- a\n- b\n\n```\nx = 1\n```\n\n| a |\n|---|\n| b |"))


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_texts_of_the_course_keep_to_the_width_and_leave_no_markup(path: Path, width: int) -> None:
    written = path.read_text(encoding="utf-8").split("\n## Tests\n")[0]
    code = "".join(
        token.content
        for block in parser().parse(written)
        for token in [block, *(block.children or ())]
        if token.type in ("fence", "code_inline")
    )
    for row in shown(written, width):
        assert cell_len(row) <= width
        assert "$" not in row or "$" in code
        assert "\\" not in row or "\\" in code
        assert "**" not in row or "**" in code
        assert "\ue000" not in row
