"""What learners really hand in: each has a message of its own and costs only its own points."""

from __future__ import annotations

import pytest

from tests.conftest import solution

# The exercise's own functions, right; what a case defines after them wins.
RIGHT = solution("activations")


def messages(result, name: str = "sigmoid") -> str:
    return next(test for test in result.tests if test.name == name).text()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return None", "returned None"),
        ("return 'text'", "Numbers were expected"),
        ("return [[1.0, 2.0], [3.0]]", "ragged list"),
        ("return np.array([[1.0, 2.0], [3.0]], dtype=object)", "array of objects"),
        ("return np.asarray(x) * np.nan", "There is nan at"),
        ("return 1j / (1 + np.exp(-np.asarray(x, float)))", "complex numbers"),
        ("return np.zeros(10 * 2**30 // 8)", "memory"),
        ("return np.zeros(2**26)", "more than a check accepts"),
        ("return np.ma.masked_array(np.asarray(x, float), False)", "masked array"),
        ("return object()", "cannot be graded"),
        ("return missing_name", "NameError: name 'missing_name' is not defined"),
        ("import sys; sys.exit(3)", "sys.exit()"),
        ("import os; os._exit(3)", "os._exit()"),
        ("return input('x? ')", "without a keyboard"),
        ("open('/etc/passwd')", "without files, network"),
        ("return __import__('numpy').datetime64('2026-01-01')", "dates or times"),
    ],
)
def test_wrong_results(grade, body, says):
    result = grade("activations", f"{RIGHT}\n\ndef sigmoid(x):\n    {body}\n")
    assert says in messages(result)
    others = [test for test in result.tests if test.status == "passed"]
    assert others, "the other functions keep their points"


def test_a_tensorflow_tensor_is_taken_for_its_values(grade):
    code = (
        "\n\ndef sigmoid(x):\n    import tensorflow as tf\n    return tf.sigmoid(tf.constant(x, 'float64'))\n"
    )
    result = grade("activations", RIGHT + code, call_seconds=60)
    assert next(test for test in result.tests if test.name == "sigmoid").status == "passed", messages(result)


def test_a_wrong_tensor_is_named(grade):
    code = (
        "\n\ndef sigmoid(x):\n    import tensorflow as tf\n    return tf.constant(x, 'float64') * 0 + 0.4\n"
    )
    assert "tensorflow" in messages(grade("activations", RIGHT + code, call_seconds=60))


def test_a_symbolic_tensor_has_no_values(grade):
    code = "\n\ndef sigmoid(x):\n    import keras\n    return keras.Input((3,))\n"
    assert "symbolic tensor" in messages(grade("activations", RIGHT + code, call_seconds=60))


def test_a_call_that_never_ends_is_stopped_and_not_made_again(grade):
    result = grade("activations", RIGHT + "\n\ndef sigmoid(x):\n    while True: pass\n", call_seconds=1)
    assert next(test for test in result.tests if test.name == "sigmoid").status == "timeout"
    assert "a loop that never ends" in messages(result)
    assert result.seconds < 60
    assert result.points > 0


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("def sigmoid(x:\n    return x\n", "error", "not valid Python"),
        ("import os; os._exit(0)", "error", "os._exit()"),
        ("import sys; sys.exit(0)", "error", "sys.exit()"),
        ("input('name?')", "error", "without a keyboard"),
        ("while True:\n    print('x')", "timeout", "Importing the file took longer"),
        ("while True:\n    pass", "timeout", "outside functions"),
        ("1 / 0", "error", "in your line 1: 1 / 0"),
        ("import no_such_module", "error", "not installed"),
        ("x = 1\0", "error", "null bytes"),
    ],
)
def test_files_that_do_not_load(grade, source, status, says):
    result = grade("activations", source, call_seconds=1)
    assert result.status == status
    assert result.points == 0
    assert says in result.tests[0].text()


def test_output_before_the_end_is_shown(grade):
    result = grade("activations", "print('here I am')\nwhile True: pass", call_seconds=1)
    assert "It had printed: here I am" in result.tests[0].text()


def test_a_missing_function_and_a_near_name(grade):
    result = grade("activations", RIGHT.replace("def sigmoid(", "def sigmoyd("))
    assert "does not define sigmoid" in messages(result)
    assert "sigmoyd" in messages(result)


def test_a_wrong_signature(grade):
    result = grade("activations", f"{RIGHT}\n\ndef sigmoid(x, y):\n    return x\n")
    assert "does not fit the function's parameters (x, y)" in messages(result)


def test_not_a_function(grade):
    result = grade("activations", f"{RIGHT}\n\nsigmoid = 3\n")
    assert "not a function" in messages(result)


def test_the_learners_own_line_is_named(grade):
    result = grade("activations", f"{RIGHT}\n\ndef sigmoid(x):\n    y = 1\n    return y / [0]\n")
    line = len(f"{RIGHT}\n\ndef sigmoid(x):\n    y = 1\n    return".splitlines())
    assert f"in your line {line}: return y / [0]" in messages(result)


def test_a_model_with_the_wrong_input_shape(grade):
    source = solution("rnn_model").replace("(3, 1)", "(4, 1)")
    assert source != solution("rnn_model")
    result = grade("rnn_model", source)
    assert result.status == "failed"
    assert all(test.message for test in result.tests if test.status == "failed")


def test_bytes_that_are_no_text(tmp_path):
    from course import checking

    (tmp_path / "activations.py").write_bytes(b"\xff\xfe\x00d")
    report = checking.check(["activations"], submission=tmp_path)
    assert report.exercises[0].status == "error"
    assert "UTF-8" in report.exercises[0].tests[0].text()
