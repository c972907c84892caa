"""The mutator: what it changes, what it leaves alone, and how it names what it did."""

import ast
from pathlib import Path

import pytest

from course.dev.mutants import Mutant, mutants

SOLUTIONS = [
    path
    for path in sorted((Path(__file__).parents[1] / "solutions").glob("*/*.py"))
    if not path.stem.endswith(".plot")
]


def solution(*lines: str, signature: str = "f(x, y)", before: str = "import numpy as np") -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return (
        f'{before}\n\n\ndef {signature}:\n    """Summary."""\n'
        f"    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n"
    )


def changes(*lines: str, signature: str = "f(x, y)", before: str = "import numpy as np") -> list[str]:
    """The changes by name, without function and number."""
    found = mutants(solution(*lines, signature=signature, before=before))
    return [mutant.id.removeprefix("f: ").rpartition(" #")[0] for mutant in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("z = x + y", "x + y → x - y"),
        ("z = x - y", "x - y → x + y"),
        ("z = x * y", "x * y → x / y"),
        ("z = x / y", "x / y → x * y"),
        ("z = x // y", "x // y → x / y"),
        ("z = x**2", "x**2 → (x * 2)"),
        ("z = (x + y) ** 3", "(x + y) ** 3 → ((x + y) * 3)"),
        ("z = x @ y", "x @ y → y @ x"),
        ("z = (x + y) @ x", "(x + y) @ x → x @ (x + y)"),
        ("z = x * y @ x", "x * y @ x → x @ (x * y)"),
        ("z = (x > 0) & (y > 0)", "(x > 0) & (y > 0) → (x > 0) | (y > 0)"),
        ("z = x < y", "x < y → x <= y"),
        ("z = x < y", "x < y → x > y"),
        ("z = x >= y", "x >= y → x > y"),
        ("z = x == y", "x == y → x != y"),
        ("z = x is not None", "x is not None → x is None"),
        ("z = x not in y", "x not in y → x in y"),
        ("z = 0 < x <= y", "0 < x <= y → 0 < x < y"),
        ("z = x and y", "x and y → x or y"),
        ("z = not x", "z = not x → z = x"),
        ("z = -x", "z = -x → z = x"),
        ("z = y[~x]", "y[~x] → y[x]"),
        ("z = 0", "z = 0 → z = 1"),
        ("z = 1 - x", "1 - x → 0 - x"),
        ("z = Dense(1)", "Dense(1) → Dense(2)"),
        ("z = 7", "z = 7 → z = 8"),
        ("z = 0.5", "z = 0.5 → z = 1.0"),
        ("z = 1e-7", "z = 1e-7 → z = 0.001"),
        ("z = x[2]", "x[2] → x[1]"),
        ("z = x[:, 1]", "x[:, 1] → x[:, 0]"),
        ("z = x[-1]", "x[-1] → x[-2]"),
        ("z = True", "z = True → z = False"),
        ("z = x if y else 0", "x if y else 0 → x if not y else 0"),
        ("z = [v for v in x if v]", "[v for v in x if v] → [v for v in x if not v]"),
        ("z = np.sum(x, axis=0)", "np.sum(x, axis=0) → np.sum(x)"),
        ("z = np.sum(x, axis=0)", "np.sum(x, axis=0) → np.sum(x, axis=1)"),
        ("z = np.sum(x, axis=-1)", "np.sum(x, axis=-1) → np.sum(x, axis=0)"),
        ("z = np.sum(x, 1)", "np.sum(x, 1) → np.sum(x, 0)"),
        ("z = x.mean(axis=(0, 1))", "x.mean(axis=(0, 1)) → x.mean(axis=0)"),
        ("z = x.sum(keepdims=True)", "x.sum(keepdims=True) → x.sum()"),
        ("z = np.std((x + y), ddof=1)", "np.std((x + y), ddof=1) → np.std((x + y))"),
        ("z = g(a=x, b=(y))", "g(a=x, b=(y)) → g(b=(y))"),
        ("z = np.max(x)", "np.max(x) → np.min(x)"),
        ("z = x.mean()", "x.mean() → x.sum()"),
        ("z = np.argmax(x)", "np.argmax(x) → np.argmin(x)"),
        ("z = np.floor(x)", "np.floor(x) → np.ceil(x)"),
        ("z = any(x)", "any(x) → all(x)"),
        ("z = np.sqrt(x + y)", "np.sqrt(x + y) → (x + y)"),
        ("z = x.copy()", "x.copy() → x"),
        ("z = x.T", "x.T → x"),
        ("z = np.concatenate([x, y])", "np.concatenate([x, y]) → np.concatenate([y, x])"),
        ("z = np.subtract(x, y)", "np.subtract(x, y) → np.subtract(y, x)"),
        ("z = np.where(c, (x), y)", "np.where(c, (x), y) → np.where(c, y, (x))"),
        ("z = np.clip(x, 0, y)", "np.clip(x, 0, y) → np.clip(x, y, 0)"),
        ("z = f(x, y)", "f(x, y) → f(y, x)"),
        ("z = x[y:]", "x[y:] → x[y + 1:]"),
        ("z = x[:y]", "x[:y] → x[:y - 1]"),
        ("z = [x[i] for i in range(y)]", "x[i] → x[i - 1]"),
        ("z = range(y)", "range(y) → range(y - 1)"),
        ("z = range(x, y)", "range(x, y) → range(x + 1, y)"),
        ("x += y", "x += y → x -= y"),
        ("x += y", "x += y → pass"),
        ("x.append(y)", "x.append(y) → pass"),
        ("x[y] = 0", "x[y] = 0 → pass"),
        ("raise ValueError('x')", "raise ValueError('x') → pass"),
        ("return x + y", "return x + y → return None"),
        ("return x + y", "return x + y → return x"),
        ("return x, y", "return x, y → return y, x"),
        ('z = Dense(x, activation="relu")', '…(x, activation="relu") → …(x, activation="linear")'),
        ('z = "adam"', 'z = "adam" → z = "sgd"'),
        ('z = {"a": x}', '{"a": x} → {"a_": x}'),
        ('z = einsum("ij,jk->ik", x, y)', 'einsum("ij,jk->ik", x, y) → einsum("ij,jk->ki", x, y)'),
        ("z = Sequential([A(), B()])", "A() → nothing"),
        ("z = Sequential([A(), B()])", "B() → nothing"),
    ],
)
def test_a_change_is_made_and_named_by_its_text(line: str, expected: str) -> None:
    assert expected in changes(line)


def test_loops_end_the_other_way() -> None:
    assert "break → continue" in changes("for v in x:", "    break")
    assert "continue → break" in changes("for v in x:", "    continue")


def test_a_condition_is_negated_unless_it_is_one_comparison() -> None:
    assert "if x or y: return x → if not (x or y): return x" in changes("if x or y:", "    return x")
    assert not any("not" in change for change in changes("if x < y:", "    return x"))


def test_parameters_take_their_siblings_place() -> None:
    found = changes("return W_f * x", signature="f(x, W_f, W_i, b_f)")
    assert "W_f * x → W_i * x" in found
    assert not any("b_f" in change for change in found)


def test_sigmoid_and_tanh_change_places_only_where_both_exist() -> None:
    own = "import numpy as np\n\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
    assert "np.tanh(x) → sigmoid(x)" in changes("return np.tanh(x)", before=own)
    assert "sigmoid(x) → np.tanh(x)" in changes("return sigmoid(x) + np.tanh(y)", before=own)
    assert not any("sigmoid" in change for change in changes("return np.tanh(x)"))


def test_a_call_goes_to_another_function_of_the_module_with_as_many_arguments() -> None:
    own = "def g(a, b):\n    return a\n\n\ndef h(a):\n    return a"
    assert "g(x, y) → f(x, y)" in changes("return g(x, y)", before=own)
    assert "h(x) → g(x)" not in changes("return h(x)", before=own)


@pytest.mark.parametrize(
    "line",
    [
        '"""Only words."""',
        'print(f"{x + 1} of {y}")',
        'raise ValueError("rate must lie below " + str(1))',
        "model.predict(x, verbose=0)",
        "rng = np.random.default_rng(seed=3)",
    ],
)
def test_what_says_nothing_to_a_grader_stays(line: str) -> None:
    assert all(change.endswith((" → pass", "→ nothing")) for change in changes(line))


def test_annotations_stay() -> None:
    assert changes("z: tuple[int, 3] = x", "def g(v: dict[str, 4]) -> list[5]:", "    pass") == []


def test_only_what_stands_between_the_markers_changes() -> None:
    source = solution("return x + 1", before='"""1 + 1"""\nimport numpy as np\n\nLIMIT = 3 + 4')
    start, end = source.index("### BEGIN"), source.index("### END")
    found = mutants(source)
    assert found
    for mutant in found:
        assert mutant.source.startswith(source[:start])
        assert mutant.source.endswith(source[end:])
    assert mutants("def f(x):\n    return x + 1\n") == []


def test_the_same_change_twice_is_told_apart_by_its_number() -> None:
    ids = [mutant.id for mutant in mutants(solution("a = x + y", "b = x + y"))]
    assert ids == ["f: x + y → x - y #1", "f: x + y → x - y #2"]


def test_ids_survive_edits_elsewhere() -> None:
    source = solution("z = x + y", "return np.max(z, axis=0)")
    edited = (
        source.replace("Summary.", "Another summary.\n\n    With 3 + 4 words.")
        .replace("import numpy as np", "import math\nimport numpy as np\n\nLIMIT = 2")
        .replace("    z = x + y", "    # 먼저 더합니다\n    z = x + y")
    )
    assert [mutant.id for mutant in mutants(edited)] == [mutant.id for mutant in mutants(source)]
    assert [mutant.line for mutant in mutants(edited)] != [mutant.line for mutant in mutants(source)]


def test_lines_are_true() -> None:
    source = solution("망각 = x + y  # 더하기", 'return "가" if 망각 > 0 else None')
    for mutant in mutants(source):
        old, new = source.split("\n"), mutant.source.split("\n")
        assert len(old) == len(new)
        assert [
            number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]
        ] == [mutant.line]
        assert mutant.what


def test_names_of_nested_functions_show_the_way() -> None:
    source = solution("class Model:", "    def call(self, z):", "        return z + 1")
    assert mutants(source)[0].id.startswith("f.Model.call: ")


def test_order_and_text_are_the_same_every_time() -> None:
    source = solution("z = x + 1 if x > 0 else np.max(y, axis=1)", "return z, x")
    found = mutants(source)
    assert found == mutants(source)
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)
    assert len({mutant.id for mutant in found}) == len({mutant.source for mutant in found}) == len(found)


def test_a_source_that_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        mutants("def f(:\n")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_mutants_of_a_solution_of_the_course_are_python_and_all_different(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found: list[Mutant] = mutants(source)
    assert len(found) >= 8
    meanings = {ast.dump(ast.parse(mutant.source)) for mutant in found}
    assert len(meanings) == len(found)
    assert ast.dump(ast.parse(source)) not in meanings
    assert len({mutant.id for mutant in found}) == len(found)
    assert all(len(mutant.id) < 200 and "\n" not in mutant.id for mutant in found)
