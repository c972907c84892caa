"""Files of data sets kept in the user's cache."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from course.content import courses
from course.content.catalog import Course
from course.content.declared import Dataset
from course.system import files, folders


def folder(course: Course, data: Dataset) -> Path:
    """Where a data set's files are kept, in the user's cache."""
    return folders.cache() / "data" / course.name / data.name


def original(course: Course, data: Dataset) -> Path:
    """Where the fetched original lies, if it does: only whole, verified files get this name."""
    path = folder(course, data) / data.file
    earlier = folders.cache() / data.name / data.file  # where versions kept it that knew one course
    if course.root == courses.bundled().root and earlier.is_file() and not path.exists():
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(earlier, path)  # noqa: PTH105
    return path


def keep(path: Path, content: bytes) -> bool:
    """Write a whole file or nothing; whether it was written."""
    try:
        files.write(path, content, lasting=False)
    except OSError:
        return False
    return True
