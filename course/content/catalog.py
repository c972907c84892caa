"""What there is to learn: the days and exercises of the course in use."""

from __future__ import annotations

from course.content.courses import current as catalog
from course.content.manifest import CONTENT, PACKAGE, Course, Day, Exercise, ManifestError, UnknownName, load

__all__ = [
    "CONTENT",
    "PACKAGE",
    "Course",
    "Day",
    "Exercise",
    "ManifestError",
    "UnknownName",
    "catalog",
    "load",
]
