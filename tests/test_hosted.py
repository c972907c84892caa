"""The notebook for hosted computers, run as there: an environment of its own, without Landlock, by a real kernel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from course.content.catalog import CONTENT, catalog
from tests import denied

if not (CONTENT / "docs").is_dir() or sys.platform != "linux":
    pytest.skip(
        "the notebook is part of a checkout, and is run where Landlock can be denied", allow_module_level=True
    )
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

RUN = """
import nbclient, nbformat, sys
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def test_both_notebooks_do_the_same():
    def code(name: str) -> list[str]:
        cells = json.loads((CONTENT / "docs" / name).read_text(encoding="utf-8"))["cells"]
        text = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return [re.sub(r"#.*|\bko\b", lambda found: "en" if found[0] == "ko" else "", each) for each in text]

    assert code("hosted.ipynb") == code("hosted.ko.ipynb")


def test_the_hosted_notebook_runs_where_there_is_no_landlock(wheel, tmp_path):
    name = "hosted.ko.ipynb"
    venv.create(tmp_path / "venv", symlinks=True, with_pip=True)
    scheme = sysconfig.get_paths(vars={"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")})
    libraries = [entry for entry in sys.path if entry.endswith("site-packages")]
    Path(scheme["purelib"], "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    text = (CONTENT / "docs" / name).read_text(encoding="utf-8")
    assert text.count('git+https://...\\"') == 1
    given, done = tmp_path / "given.ipynb", tmp_path / "done.ipynb"
    # By path and without an index: everything it needs is there already, and only the course itself is installed.
    text = text.replace('git+https://...\\"', f'{wheel}\\"').replace(' ipywidgets"', ' --no-deps --no-index"')
    given.write_text(text, encoding="utf-8")
    python = str(Path(scheme["scripts"], "python"))
    # A plain environment, as a host has it: Jupyter's own folders too are the test's.
    environment = {
        "PATH": f"{scheme['scripts']}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    command = denied.command(["landlock"], python, "-c", RUN, str(given), str(done))
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    cells = [
        each for each in json.loads(done.read_text(encoding="utf-8"))["cells"] if each["cell_type"] == "code"
    ]
    shown = [json.dumps(each["outputs"], ensure_ascii=False) for each in cells]
    assert not [output for output in shown if "Traceback" in output]
    assert "Landlock" in shown[2]
    assert next(iter(catalog())).slug in shown[2]
    assert "deep-learning" in shown[3]
    assert "course-report" in shown[6]
    assert "predict" in shown[6]
    assert "widget-view" in shown[7]
    assert (tmp_path / "deep-learning" / "progress.json").is_file()
