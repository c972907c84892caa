"""What a learner is told of mistakes that are not about numbers: true, in both languages, with what to do."""

from __future__ import annotations

import ast
import json
import os
import re

import nbformat
import numpy as np
import pytest

from course import checking
from course.content import texts
from course.content.catalog import catalog
from course.grading.context import Call
from course.grading.repeat import Repeat
from course.html import result as html_result
from course.learner import workspace
from course.learner.subject import Unreadable
from course.results import ExerciseResult, Report
from tests.conftest import solution

RIGHT = solution("activations")


def told(result: ExerciseResult, name: str = "sigmoid", code: str = "en") -> str:
    return next(test for test in result.tests if test.name == name).text(code)


def status(result: ExerciseResult, name: str = "sigmoid") -> str:
    return next(test for test in result.tests if test.name == name).status


def sigmoid(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"{RIGHT}\n\ndef sigmoid(x):\n{lines}\n"


@pytest.mark.parametrize(
    ("body", "english", "korean"),
    [
        ("return np.array(x).sort()", "which is what .sort() gives", ".sort()의 반환값이 None"),
        ("return dict", "That is a class", "클래스 자체"),
        ("return sigmoid", "That is a function, not its result", "함수 자체"),
        ("return np.asarray(x).dtype", "That is a dtype object", "dtype 객체"),
        ("x = np.asarray(x); x -= 1; return x", "altered its argument x", "인수 x의 값을 바꾸었습니다"),
        ("raise ValueError('\\x1b[1mbold\\x1b[0m')", "raised ValueError: bold", "ValueError: bold"),
        ("raise ValueError('\\u202eabc')", "\\u202eabc", "\\u202eabc"),
    ],
)
def test_each_mistake_is_named_in_both_languages(grade, body, english, korean):
    result = grade("activations", sigmoid(body))
    assert status(result) == "failed"
    assert english in told(result)
    assert korean in told(result, code="ko")
    assert "\x1b" not in told(result)


def test_the_place_where_an_argument_changed_is_shown(grade):
    result = grade("activations", sigmoid("np.asarray(x).reshape(-1)[1] = 7\nreturn x"))
    assert "x[0, 1] was" in told(result)
    assert "and is 7 afterwards" in told(result)


def test_an_altered_list_is_named(grade):
    source = solution("one_hot")
    result = grade(
        "one_hot", f"{source}\n\ndef find_categories(labels):\n    labels.sort()\n    return labels\n"
    )
    assert "altered its argument labels" in told(result, "categories")
    assert "labels[0] was 'Cat'" in told(result, "categories") or "labels[" in told(result, "categories")


def test_an_altered_dict_of_arrays_is_named(grade):
    source = solution("backpropagation")
    code = "\n\n_right = predict\n\ndef predict(params, X):\n    params['W1'] *= 2\n    return _right(params, X)\n"
    result = grade("backpropagation", source + code)
    messages = "\n".join(test.text() for test in result.tests)
    assert "altered its argument params" in messages
    assert "params['W1'][0, 0] was" in messages
    assert "work on a copy" in messages
    assert ".copy()" not in messages  # of a dict it would share its arrays


def test_an_altered_table_is_named(grade):
    source = solution("airline_preprocess")
    code = (
        "\n\n_impute = impute_delay\n\ndef impute_delay(table, *rest):\n"
        "    result = _impute(table.copy(), *rest)\n    table['Age'] = table['Age'] + 1\n    return result\n"
    )
    name = next(line for line in source.splitlines() if line.startswith("def impute"))
    code = code.replace("impute_delay", name[4:].partition("(")[0])
    result = grade("airline_preprocess", source + code)
    messages = "\n".join(test.text() for test in result.tests)
    assert "altered its argument" in messages
    assert "['Age'][0] was" in messages


def test_a_result_that_changes_later_is_found(grade):
    code = "_kept = {}\ndef sigmoid(x):\n    x = np.asarray(x, dtype=float)\n    out = _kept.setdefault('out', np.zeros(1000))\n"
    code += "    out = out[:x.size].reshape(x.shape)\n    out[...] = 1 / (1 + np.exp(-x))\n    return out\n"
    result = grade("activations", f"{RIGHT}\n\n{code}")
    assert "changed what the call of sigmoid before it had returned" in told(result)


def test_numbers_in_a_slice_give_the_same_result(grade):
    body = (
        "x = np.asarray(x, dtype=float)\n"
        "flat = np.lib.stride_tricks.as_strided(x, (x.size,), (x.itemsize,))\n"
        "return (1 / (1 + np.exp(-flat))).reshape(x.shape)"
    )
    assert "in a slice such as a[::2]" in told(grade("activations", sigmoid(body)))


@pytest.mark.parametrize("parameter", ["x", "W1", "b1", "W2", "b2"])
def test_every_parameter_is_tried_with_a_slice(grade, parameter):
    code = (
        "\n\n_right = forward\n\ndef forward(x, W1, b1, W2, b2, *rest):\n"
        f"    if not {parameter}.flags.c_contiguous:\n        {parameter} = {parameter} * 0\n"
        "    return _right(x, W1, b1, W2, b2, *rest)\n"
    )
    result = grade("mlp", solution("mlp") + code)
    assert "in a slice such as a[::2]" in "\n".join(test.text() for test in result.tests)


def test_a_parameter_waits_for_its_first_array_of_several_numbers():
    """Whichever test comes first: some have a single number, or none, where others have many."""
    repeat, asked = Repeat(), []
    several, one = np.arange(3.0), np.ones(1)
    for arguments in [
        (one, 2.0),
        (several, 2.0),
        (several, [several, one]),
        (one, several),
        (several, several),
    ]:
        call = Call("scale", arguments, {}, result=one)
        if repeat.wants(call):
            repeat.check(call, lambda sliced, of=arguments: asked.append((of, sliced)) or one)
    assert asked == [((several, 2.0), True), ((several, [several, one]), True)]


def test_only_the_stubs_own_line_is_not_written_yet(grade):
    assert told(grade("activations", sigmoid("raise NotImplementedError()"))) == "Not written yet."
    for body in (
        "raise NotImplementedError('later')",
        "class Base:\n    def value(self):\n        raise NotImplementedError()\nreturn Base().value()",
        "return [].__class_getitem__.__call__() if False else (_ for _ in ()).throw(NotImplementedError())",
    ):
        result = grade("activations", sigmoid(body))
        assert status(result) == "failed", body
        assert "NotImplementedError" in told(result)
        assert "in your line" in told(result)


def test_what_a_failing_function_printed_is_shown_everywhere(grade, tmp_path):
    source = sigmoid("print('x is', np.shape(x), '\\x1b[31mred\\x1b[0m')\nreturn np.asarray(x) * 0")
    result = grade("activations", source)
    assert "It printed:\nx is (3, 4) red" in told(result)
    assert "출력한 내용:\nx is (3, 4) red" in told(result, code="ko")
    hidden = [test for test in result.tests if test.hidden]
    assert hidden
    assert all("x is" not in test.text() for test in hidden)
    report = Report("here", 1, (result,))
    assert "x is (3, 4) red" in json.dumps(report.to_json("en"))
    assert "x is (3, 4) red" in html_result.report(report, "en")
    assert "x is (3, 4) red" in str(report)


def test_what_a_passing_function_printed_is_not_shown(grade):
    result = grade("activations", sigmoid("print('debugging')\nreturn np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), "
                                          "1 - 1 / (1 + np.exp(-np.abs(x))))"))  # fmt: skip
    assert status(result) == "passed"
    assert told(result) == ""


def test_a_flood_of_output_is_capped(grade):
    result = grade("activations", sigmoid("print('y' * 100_000)\nreturn 0"))
    assert 1_000 < len(told(result)) < 3_000


def test_an_import_inside_a_function_is_not_its_time(grade):
    body = "import tensorflow as tf\nreturn tf.sigmoid(tf.constant(np.asarray(x, dtype='float64'))).numpy()"
    result = grade("activations", sigmoid(body), call_seconds=2)
    assert status(result) == "passed", told(result)


def test_a_failing_import_says_so(grade):
    result = grade("activations", "1 / 0")
    assert result.tests[0].text("en").startswith("Importing the file raised ZeroDivisionError")
    assert (
        result.tests[0].text("ko").startswith("파일을 불러오는 중에 예외가 발생했습니다: ZeroDivisionError")
    )


def test_training_where_a_model_is_only_to_be_built(grade):
    source = solution("rnn_model").replace(
        "    return model\n",
        "    model.fit(np.zeros((7, 3, 1)), np.zeros(7), epochs=10**6, verbose=0)\n    return model\n",
        1,
    )
    assert "model.fit" in source
    result = grade("rnn_model", source, call_seconds=3)
    assert "does it train a model that it should only build" in told(result, "layers")


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        ("    return None\n", "is there a return at the end of every path?"),
        ("    return model.compile(optimizer='adam', loss='mse')\n", "which is what .compile() gives"),
        ("    return keras.Sequential\n", "That is a class"),
        ("    return keras.Input((3, 1))\n", "symbolic tensor"),
        ("    return 3\n", "A Keras model was expected"),
    ],
)
@pytest.mark.parametrize("slug", ["rnn_model", "airline_model", "cnn_model", "lstm_model"])
def test_what_is_no_model_is_named_in_every_model_exercise(grade, slug, ending, says):
    name = "build_cnn" if slug == "cnn_model" else "build_model"
    code = f"import keras\n_right = {name}\n\ndef {name}():\n    model = _right()\n{ending}"
    result = grade(slug, f"{solution(slug)}\n\n{code}")
    first = next(test for test in result.tests if test.status != "passed")
    assert first.status == "failed", first.text()
    assert says in first.text()
    assert all(test.status != "error" for test in result.tests), [test.text() for test in result.tests]


BUILT_ONCE = "The model has no weights yet. They must exist when you return it: begin with keras.Input"


@pytest.mark.parametrize("code", ["en", "ko"])
def test_every_text_about_weights_that_do_not_exist_yet_says_the_same(code):
    """What counts as built is one thing: each text states it, and the same sentence answers each model without weights."""
    said = {}
    for exercise in catalog():
        text = texts.text(exercise, code)
        for key, message in text.tests.items():
            if key.endswith("/unbuilt"):
                said[f"{exercise.slug} {key}"] = re.sub(r"\(shape=\(.*?\)\)", "", message)
                assert "`keras.Input`" in text.prompt, exercise.slug
    assert len(said) > 9
    plain = {message for name, message in said.items() if not name.startswith("gan_model")}
    assert len(plain) == 1, said
    if code == "en":
        assert plain.pop().startswith(BUILT_ONCE)


@pytest.mark.parametrize(
    ("slug", "name", "test"),
    [("rnn_model", "build_model", "layers"), ("keras_models", "sequential_with_add", "sequential_with_add"),
     ("cnn_model", "build_cnn", "network")],
)  # fmt: skip
def test_a_model_without_weights_is_told_so_and_nothing_empty_is_shown(grade, slug, name, test):
    code = (
        f"\n\nimport keras\n\n\ndef {name}():\n    model = keras.Sequential([keras.layers.Dense(1)])\n"
        "    model.compile('adam', 'mse')\n    return model\n"
    )
    said = told(grade(slug, solution(slug) + code), test)
    assert said.startswith(BUILT_ONCE)
    assert "[]" not in said


def test_a_misspelt_call_is_answered_in_keras_own_words(grade):
    right = solution("keras_models")
    wrong = right.replace("        def call(self, inputs):", "        def cal(self, inputs):")
    assert wrong != right
    result = grade("keras_models", wrong)
    assert status(result, "subclassed") == "failed"
    assert "Not written yet" not in told(result, "subclassed")
    assert "does not have a `call()` method implemented" in told(result, "subclassed")


def test_the_copy_of_keras_inside_tensorflow_is_named(grade):
    code = (
        "\n\ndef build_model():\n    from tensorflow.python.keras import layers, models\n\n"
        "    model = models.Sequential([layers.Dense(1, input_shape=(3, 1))])\n"
        "    model.compile('adam', 'mse')\n    return model\n"
    )
    for language, word in (("en", "tensorflow.python.keras"), ("ko", "tensorflow.python.keras")):
        said = told(grade("rnn_model", solution("rnn_model") + code), "layers", language)
        assert word in said
        assert "Opaque" not in said


def test_the_reference_keeps_its_promise_for_equal_values_that_are_not_exact():
    given: dict[str, object] = {}
    exec(compile(solution("linear_regression"), "linear_regression.py", "exec"), given)
    score = given["r2_score"]
    assert score(np.full(3, 0.1), np.full(3, 1.1)) == 0.0
    assert score(np.full(3, 0.1), np.full(3, 0.1)) == 1.0


def test_files_in_other_encodings(tmp_path):
    text = RIGHT.replace('"""', '"""한국어 설명. ', 1)
    cp949 = text.encode("cp949", "replace")
    for data, says in (
        (cp949, "seems to be saved as CP949 (EUC-KR), not as UTF-8"),
        (text.encode("utf-16"), "seems to be saved as UTF-16, not as UTF-8"),
        (b"\xff\xff\xff", "is not saved as text in UTF-8"),
    ):
        with pytest.raises(Unreadable) as caught:
            workspace.text(data, "activations.py")
        assert says in caught.value.message.render("en")
        assert "UTF-8" in caught.value.message.render("ko")
        (tmp_path / "activations.py").write_bytes(data)
        [result] = checking.check(["activations"], submission=tmp_path).exercises
        assert (result.status, result.points) == ("error", 0)
        assert says in result.tests[0].text("en")
        assert "line 1" not in result.tests[0].text("en")


def test_a_coding_line_is_obeyed(tmp_path):
    source = "# -*- coding: cp949 -*-\n# 한국어\n" + RIGHT.encode("cp949", "ignore").decode("cp949")
    (tmp_path / "activations.py").write_bytes(source.encode("cp949"))
    [result] = checking.check(["activations"], submission=tmp_path).exercises
    assert result.status == "passed"


@pytest.mark.parametrize(
    "name",
    ["Activations.py", "activations.PY", "activations (1).py", "activations.py.txt", "Day07/activations.py"],
)
@pytest.mark.parametrize("begun", [False, True], ids=["alone", "beside the stub"])
def test_a_file_that_is_nearly_named_as_it_should_be(tmp_path, name, begun):
    exercise = catalog().exercise("activations")
    (tmp_path / "day07").mkdir()
    if begun:
        (tmp_path / "day07" / "activations.py").write_bytes(exercise.stub.read_bytes())
    path = tmp_path / name if "/" in name else tmp_path / "day07" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(RIGHT, encoding="utf-8")
    [result] = checking.check(["activations"], submission=tmp_path).exercises
    wanted = workspace.locate(exercise, tmp_path)
    same = wanted.exists() and path.samefile(wanted)  # where capitals make no difference
    assert result.status == ("passed" if same else "error")
    if not same:
        assert path.relative_to(tmp_path).as_posix() in result.tests[0].text("en")
        assert "rename it to day07/activations.py" in result.tests[0].text("en")
        assert "바른 이름과 위치: day07/activations.py" in result.tests[0].text("ko")


def test_a_copy_of_the_stub_beside_it_is_nothing_to_speak_of(tmp_path):
    exercise = catalog().exercise("activations")
    for name in ("activations.py", "activations (1).py"):
        (tmp_path / name).write_bytes(exercise.stub.read_bytes())
    [result] = checking.check(["activations"], submission=tmp_path).exercises
    assert result.status == "todo"


def test_a_file_in_the_folder_above_its_stub_is_named(tmp_path):
    exercise = catalog().exercise("activations")
    (tmp_path / "day07").mkdir()
    (tmp_path / "day07" / "activations.py").write_bytes(exercise.stub.read_bytes())
    (tmp_path / "activations.py").write_text(RIGHT, encoding="utf-8")
    [result] = checking.check(["activations"], submission=tmp_path).exercises
    assert "what is in activations.py does not count" in result.tests[0].text("en")


def test_notes_with_a_function_of_the_same_name_are_nothing_to_speak_of(tmp_path):
    (tmp_path / "notes.py").write_text("def sigmoid(x):\n    return x\n", encoding="utf-8")
    (tmp_path / "readme.txt").write_bytes("활성화 함수".encode("cp949"))
    [result] = checking.check(["activations"], submission=tmp_path).exercises
    assert result.status == "missing"


def test_an_unreadable_notebook_says_why_in_both_languages(tmp_path):
    path = tmp_path / "day07.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"nbformat": 4', '"nbformat": 3'), encoding="utf-8"
    )
    [result] = checking.check(["activations"], submission=path).exercises
    assert result.status == "error"
    assert "is in an old format" in result.tests[0].text("en")
    assert "오래된 형식" in result.tests[0].text("ko")


def test_a_kept_result_shows_the_seed_it_was_made_with(tmp_path):
    (tmp_path / "activations.py").write_text(sigmoid("return np.asarray(x) * 0"), encoding="utf-8")
    first = checking.check(["activations"], submission=tmp_path)
    again = checking.check(["activations"], submission=tmp_path)
    assert again.exercises[0].cached
    assert again.exercises[0].seed == first.seed == first.exercises[0].seed
    assert again.to_json()["exercises"][0]["seed"] == first.seed
    assert not again.drawn
    assert first.drawn


def takes_what_can_be_altered(slug: str) -> bool:
    """Whether a docstring's Args speak of arrays, lists, dicts or tables."""
    functions = [node for node in ast.parse(solution(slug)).body if isinstance(node, ast.FunctionDef)]
    taken = [
        (ast.get_docstring(node) or "").partition("Args:")[2].partition("Returns:")[0] for node in functions
    ]
    return any(re.search(r"shape|array|list|dict|table", each) for each in taken)


def test_every_exercise_says_that_arguments_stay_as_they_are():
    """What every call checks is promised wherever a function takes what can be altered."""
    words = {"en": ("as they were", "as it was", "unchanged", "not change", "not alter", "stay as", "as they are", "as it is"),
             "ko": ("그대로", "바꾸지", "바꾸면", "변경하지", "바뀌지", "변하지")}  # fmt: skip
    for exercise in catalog():
        if takes_what_can_be_altered(exercise.slug):
            for code, any_of in words.items():
                prompt = " ".join(texts.text(exercise, code).prompt.split())
                assert any(word in prompt for word in any_of), (exercise.slug, code)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Unix")
def test_what_is_no_regular_file_is_named(tmp_path):
    (tmp_path / "day07").mkdir()
    os.mkfifo(tmp_path / "day07" / "activations.py")
    (tmp_path / "day07" / "mlp.py").write_text("x = 1\n" * 200_000, encoding="utf-8")
    report = checking.check(["activations", "mlp"], submission=tmp_path)
    told = {result.slug: (result.status, result.tests[0].text("en")) for result in report.exercises}
    assert told["activations"] == ("error", "activations.py is not a regular file.")
    assert told["mlp"] == ("error", "mlp.py is larger than 0.5 MB: keep data out of the code.")


WRONG_FORMS = {
    "nan": "float('nan')",
    "a vector": "np.zeros(3)",
    "a hundred numbers": "np.zeros((10, 10))",
    "nothing": "None",
    "a text": "'0.5'",
    "a wrong number": "0.123",
}


@pytest.mark.parametrize("value", WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_where_one_number_is_due_nobody_reads_of_empty_brackets(grade, value):
    code = f"\n\ndef r2_score(y_true, y_pred):\n    return {value}\n"
    result = grade("linear_regression", solution("linear_regression") + code)
    for test in result.tests:
        for code in ("en", "ko"):
            assert "[]" not in test.text(code)
            assert "()" not in test.text(code).replace("r2_score()", "")
        korean = re.sub(
            r"r2_score\(.*?\)|array\(.*?\)|<.*?>|nan|None|str|shape|log|exp|float64|return",
            "",
            test.text("ko"),
        )
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", korean), korean


def test_a_whole_result_is_not_called_a_part(grade):
    code = "\n\ndef sigmoid(x):\n    return np.zeros(np.shape(x)) + 0.3\n"
    result = grade("activations", solution("activations") + code)
    assert re.match(r"sigmoid\(.*\) returned \[\[0\.3", told(result, "sigmoid"))


def test_a_whole_series_is_not_called_a_part(grade):
    code = "\n\nimport pandas as pd\n_right = iqr_mask\n\n\ndef iqr_mask(*given):\n    return ~pd.Series(_right(*given))\n"
    said = told(grade("outliers", solution("outliers") + code), "iqr_mask")
    assert re.match(r"iqr_mask\(.*\) returned ", said)
    assert "None" not in said


def test_of_several_results_the_wrong_one_is_called_a_part(grade):
    wrong = (
        solution("lstm_gates")
        + "\n\n_right = lstm_step\n\ndef lstm_step(*given):\n    h, c = _right(*given)\n    return h, c + 1\n"
    )
    said = "\n".join(test.text() for test in grade("lstm_gates", wrong).tests)
    assert "Part of what lstm_step(" in said


def test_what_a_model_predicts_is_not_what_building_it_returned(grade):
    wrong = solution("rnn_model").replace(
        "return model\n", "model.set_weights([0.5 + w for w in model.get_weights()])\n    return model\n"
    )
    wrong += "\n\ndef predict_next(model, last_three):\n    return 0.25\n"
    said = "\n".join(test.text() for test in grade("rnn_model", wrong).tests)
    assert "predict_next(" in said
    assert "what build_model() returned" not in said


@pytest.mark.parametrize("module", ["traceback", "linecache"])
def test_who_breaks_what_tells_of_errors_is_not_told_of_exit_calls(grade, module):
    code = (
        f"\n\nimport {module}\nfor _name in dir({module}):\n    if not _name.startswith('__'):\n"
        f"        setattr({module}, _name, None)\n\ndef sigmoid(x):\n    return 1 / 0\n"
    )
    said = told(grade("activations", solution("activations") + code), "sigmoid")
    assert "interfered with its own process" in said
    assert "os._exit" not in said
