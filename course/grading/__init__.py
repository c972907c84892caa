"""What a grader is written with; docs/authoring.md explains each."""

from course.grading.compare import (
    array,
    assert_close,
    assert_equal,
    assert_raises,
    assert_shape,
    fail,
    require,
    unchanged,
    unpack,
)
from course.grading.marks import graded
from course.grading.models import Compiled, Layer, Model
from course.grading.submission import Submission
from course.worker.wire import Code as code

__all__ = [
    "Compiled",
    "Layer",
    "Model",
    "Submission",
    "array",
    "assert_close",
    "assert_equal",
    "assert_raises",
    "assert_shape",
    "code",
    "fail",
    "graded",
    "require",
    "unchanged",
    "unpack",
]
