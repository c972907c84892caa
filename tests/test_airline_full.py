"""The whole run over a learner's four airline files: what it returns, whom it blames, what it draws and prints."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course.checking import project
from course.content import plots
from course.content.courses import bundled
from course.content.data.source import Source
from course.grading import launch
from graders.data.airline import generated
from graders.projects.airline import LABELS, agrees, charts
from graders.reference import scores
from tests.conftest import solution

ROWS = 1_200
AIRLINE = bundled().data["airline"]
WHOLE = bundled().projects["airline"]


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Workers of all runs come from one process that has imported TensorFlow."""
    with launch.of_its_own() as start, pytest.MonkeyPatch.context() as patch:
        patch.setattr(launch, "of_its_own", lambda: contextlib.nullcontext(start))
        yield


@pytest.fixture(scope="module")
def table():
    return generated.small(ROWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The reference solutions, but for training that ends after three epochs."""
    made = tmp_path_factory.mktemp("submission")
    for slug in WHOLE.exercises:
        (made / f"{slug}.py").write_text(solution(slug), encoding="utf-8")
    text = solution("airline_train")
    assert text.count("epochs=epochs") == 1
    (made / "airline_train.py").write_text(text.replace("epochs=epochs", "epochs=3"), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def result(folder, table):
    told: list[object] = []
    used = Source(AIRLINE, "generated", rows=ROWS)
    found = project.run(bundled(), WHOLE, folder, used, table, on_stage=told.append, on_epoch=told.append)
    return found, told


def test_what_comes_out(result):
    found, _ = result
    assert found.sizes == (816, 204, 180)
    assert found.features == 25
    assert found.matrix.sum() == 180
    assert found.accuracy == np.trace(found.matrix) / 180
    assert found.report["accuracy"] == pytest.approx(found.accuracy)
    assert found.due == 0.95
    assert found.passed == (found.accuracy >= 0.95)
    assert len(found.history["val_loss"]) == 3
    assert 1 <= found.best_epoch <= 3
    assert json.loads(json.dumps(found.to_json()))["confusion_matrix"] == found.matrix.tolist()


def test_progress_is_told_as_it_comes(result):
    found, told = result
    assert [news for news in told if isinstance(news, str)] == ["preprocess", "train", "evaluate"]
    epochs = [news for news in told if isinstance(news, dict)]
    assert [news["epoch"] for news in epochs] == [1, 2, 3]
    assert [news["val_accuracy"] for news in epochs] == pytest.approx(found.history["val_accuracy"])
    assert told.index("train") < told.index(epochs[0]) < told.index("evaluate")


@pytest.mark.parametrize("code", ["en", "ko"])
def test_pictures(result, tmp_path, code):
    assert list(result[0].pictures) == [charts.CURVES, charts.MATRIX]
    for name, draw in result[0].pictures.items():
        path = tmp_path / name
        used = plots.write(path, LABELS, code, draw)
        assert used == (code if code == "en" or plots.font(code) else "en")
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 10_000


def changed(folder: Path, tmp_path: Path, slug: str, text: str | None) -> Path:
    made = tmp_path / "changed"
    shutil.copytree(folder, made)
    if text is None:
        (made / f"{slug}.py").unlink()
    else:
        path = made / f"{slug}.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n\n" + text, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("slug", "text", "said"),
    [
        ("airline_evaluate", None, "Not written yet."),
        ("airline_train", "1 / 0", "ZeroDivisionError"),
        ("airline_preprocess", "def encode(table):\n    return 1", "encode did not return 2 values."),
        (
            "airline_preprocess",
            "def split(X, y, seed):\n    return (X, X, X, y[:-1], y, y)",
            "split gave features and labels of different lengths.",
        ),
        ("airline_model", "def build_model():\n    raise ValueError('no model')", "ValueError: no model"),
        ("airline_model", "def build_model():\n    return 1", "build_model did not return a Keras model."),
        ("airline_train", "def train(*arguments):\n    return None", "train did not return the history"),
        (
            "airline_evaluate",
            "def confusion_matrix(y_true, y_pred):\n    return [[1, 2], [3, 4]]",
            "confusion_matrix gave",
        ),
        (
            "airline_evaluate",
            "def classification_report(y_true, y_pred):\n    return {}",
            "classification_report does not agree",
        ),
    ],
)
def test_who_is_to_blame(folder, table, tmp_path, slug, text, said):
    with pytest.raises(project.Stopped) as caught:
        project.run(
            bundled(), WHOLE, changed(folder, tmp_path, slug, text), Source(AIRLINE, "generated"), table
        )
    assert caught.value.slug == slug
    assert said in " ".join(message.render("en") for message in caught.value.message)


def test_a_table_without_business_travel(folder, table):
    kept = table[table["Type of Travel"] == "Personal Travel"]
    found = project.run(bundled(), WHOLE, folder, Source(AIRLINE, "local", rows=len(kept)), kept)
    assert found.features == 25
    assert found.due is None
    assert found.passed


def check(*arguments: str, expect: int, **environment: str) -> str:
    """`course check` as a person types it; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "course", "check", *arguments],
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == expect, said
    assert "Traceback" not in said
    return said


def test_the_command(folder, table, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(generated.csv(table))
    said = check(
        "--full", "--submission", str(folder), "--path", str(path), "--pictures", str(tmp_path), expect=0
    )
    for text in (
        "local file",
        "epoch 1: loss",
        "816 rows for training, 204 for validation, 180 for testing; 25 features.",
        "Confusion matrix",
        "weighted avg",
        "Accuracy on the test rows",
    ):
        assert text in said
    if plots.available():
        assert (tmp_path / charts.CURVES).is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["airline_train", "day10", "--full"], "--full runs airline_preprocess"),
        (["airline_train", "--path", "x.csv"], "go with --full"),
        (["--full", "--path", "no/such.csv"], "no/such.csv"),
        (["--full", "--pictures", "no/such"], "no/such"),
    ],
)
def test_wrong_usage(folder, arguments, said):
    assert said in check(*arguments, "--submission", str(folder), expect=2)


def test_a_bad_file_is_a_plain_message(folder, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    said = check("--full", "--submission", str(folder), "--path", str(path), expect=1, COURSE_LANG="ko")
    assert str(path) in said


def test_reference_agrees(result):
    """What a learner prints is what the reference counts."""
    found, _ = result
    assert agrees(found.report, scores.report(found.matrix))
