"""Every picture draws in every language, and the command says what is wrong in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course import language
from course.content import plots
from course.content.catalog import catalog

PICTURED = plots.pictured(catalog())
WITHOUT = "perceptron"
# What `python -m course` does, where matplotlib cannot be imported.
WITHOUT_MATPLOTLIB = "import sys; sys.modules['matplotlib'] = None; from course.cli import main; main()"


def run(folder: Path, *arguments: str, expect: int = 0, code: str = "en", program: str = "") -> str:
    command = ["-c", program] if program else ["-m", "course"]
    done = subprocess.run(
        [sys.executable, *command, *arguments],
        cwd=folder,
        env={**os.environ, "COURSE_LANG": code, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def pixels(path: Path):
    from matplotlib.image import imread

    return imread(path)


@pytest.mark.parametrize("slug", PICTURED)
def test_labels_are_the_same_in_every_language(slug):
    labels = plots.load(catalog().exercise(slug)).LABELS
    assert set(labels) == set(language.languages())
    assert len({frozenset(texts) for texts in labels.values()}) == 1
    assert all(text.strip() for texts in labels.values() for text in texts.values())


@pytest.mark.parametrize("code", language.languages())
@pytest.mark.parametrize("slug", PICTURED)
def test_it_draws(slug, code, tmp_path, caplog):
    path = tmp_path / "picture.png"
    exercise = catalog().exercise(slug)
    assert plots.save(exercise, code, path) in (code, "en")
    image = pixels(path)
    assert image.shape[:2] == (600, 1000)
    light = image[..., :3].min(axis=2) > 0.9
    assert 0.3 < light.mean() < 0.99
    # Nothing is cut off at the border, and no glyph or font is missing.
    assert light[0].all()
    assert light[-1].all()
    assert light[:, 0].all()
    assert light[:, -1].all()
    assert not caplog.records
    assert not list(exercise.plot.parent.glob("__pycache__/*.plot.*"))


def test_the_same_picture_is_the_same_file(tmp_path):
    exercise = catalog().exercise("pooling")
    for suffix in plots.SUFFIXES:
        paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
        for path in paths:
            plots.save(exercise, "ko", path)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_users_own_style_stays_out_and_comes_back(tmp_path):
    import matplotlib

    before = "matplotlib.pyplot" in sys.modules  # another library in this run may have brought it
    plots.save(catalog().exercise("pooling"), "en", tmp_path / "a.png")
    with matplotlib.rc_context({"figure.facecolor": "black", "font.size": 30}):
        plots.save(catalog().exercise("pooling"), "en", tmp_path / "b.png")
        assert matplotlib.rcParams["font.size"] == 30
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert ("matplotlib.pyplot" in sys.modules) == before


def test_english_where_no_font_has_the_language(monkeypatch, tmp_path):
    monkeypatch.setitem(plots.FONTS, "ko", ("No Such Font",))
    assert plots.font("ko") is None
    exercise = catalog().exercise("pooling")
    assert plots.save(exercise, "ko", tmp_path / "ko.png") == "en"
    assert plots.save(exercise, "en", tmp_path / "en.png") == "en"
    assert (tmp_path / "ko.png").read_bytes() == (tmp_path / "en.png").read_bytes()


def test_the_command_says_that_no_font_has_the_language(tmp_path):
    program = "from course.content import plots; plots.FONTS['ko'] = ('No Such Font',); from course.cli import main; main()"
    said = run(tmp_path, "show", "pooling", "--plot", code="ko", program=program)
    assert "No Such Font" in said
    assert len(said.splitlines()) == 2
    assert (tmp_path / "pooling.png").is_file()


def test_keras_is_not_imported(tmp_path):
    program = (
        "import sys; from course.content import plots; from course.content.catalog import catalog; from pathlib import Path\n"
        "assert 'matplotlib' not in sys.modules\n"
        "plots.save(catalog().exercise('forecasting'), 'en', Path('picture.png'))\n"
        "assert not {'keras', 'keras.layers', 'tensorflow'} & set(sys.modules)"
    )
    run(tmp_path, program=program)


def test_the_command_line_starts_without_matplotlib(tmp_path):
    run(
        tmp_path,
        program="import sys, course.cli.tree, course.content.plots; assert 'matplotlib' not in sys.modules",
    )


def test_the_file(tmp_path):
    assert run(tmp_path, "show", "pooling", "--plot") == "pooling.png\n"
    assert pixels(tmp_path / "pooling.png").shape[:2] == (600, 1000)
    (tmp_path / "pooling.png").write_text("mine")
    assert "--yes" in run(tmp_path, "show", "pooling", "--plot", code="ko", expect=2)
    assert (tmp_path / "pooling.png").read_text() == "mine"
    run(tmp_path, "show", "pooling", "--plot", "--yes", code="ko")
    assert pixels(tmp_path / "pooling.png").shape[:2] == (600, 1000)
    assert run(tmp_path, "show", "pooling", "--plot", "b.SVG") == "b.SVG\n"
    assert "<svg" in (tmp_path / "b.SVG").read_text(encoding="utf-8")
    (tmp_path / "folder").mkdir()
    said = json.loads(run(tmp_path, "show", "pooling", "--json", "--plot", "folder/c.pdf"))
    assert said == {"slug": "pooling", "picture": str(Path("folder", "c.pdf")), "language": "en"}


def test_wrong_usage(tmp_path):
    said = run(tmp_path, "show", WITHOUT, "--plot", expect=2)
    assert f"{WITHOUT} has no picture" in said
    assert all(slug in said for slug in PICTURED)
    assert ".png, .svg, .pdf" in run(tmp_path, "show", "pooling", "--plot", "a.gif", expect=2)
    assert ".png, .svg, .pdf" in run(tmp_path, "show", "pooling", "--plot", "a", expect=2)
    assert "nowhere" in run(tmp_path, "show", "pooling", "--plot", "nowhere/a.png", expect=2)
    (tmp_path / "folder.png").mkdir()
    assert "cannot be written" in run(tmp_path, "show", "pooling", "--yes", "--plot", "folder.png", expect=2)
    assert "course list" in run(tmp_path, "show", "nothing_like_it", "--plot", expect=2)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_without_matplotlib(tmp_path):
    said = run(tmp_path, "show", "pooling", "--plot", expect=2, program=WITHOUT_MATPLOTLIB)
    assert "-m pip install matplotlib" in said or "uv pip install" in said
    assert "has no picture" in run(tmp_path, "show", WITHOUT, "--plot", expect=2, program=WITHOUT_MATPLOTLIB)
    assert not list(tmp_path.iterdir())


def test_the_text_names_its_picture(tmp_path):
    assert "course show pooling --plot" in run(tmp_path, "show", "pooling")
    assert "--plot" not in run(tmp_path, "show", WITHOUT)


def test_a_solution_that_draws_leaves_pyplot_alone(tmp_path):
    program = (
        "import sys; from course.content import plots; from course.content.catalog import catalog; from pathlib import Path\n"
        "plots.save(catalog().exercise('learning_curves'), 'en', Path('picture.png'))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    run(tmp_path, program=program)
    assert (tmp_path / "picture.png").stat().st_size > 10_000
