"""What a grader is written with; docs/authoring.md explains each."""

from course.grading.compare import (
    array,
    assert_close,
    assert_equal,
    assert_raises,
    assert_shape,
    confirm,
    fail,
    figure,
    model,
    require,
    unpack,
)
from course.grading.draw import forms
from course.grading.figures import Axes, Figure, Line
from course.grading.marks import graded
from course.grading.models import Layer, Model
from course.grading.settings import Compiled
from course.grading.submission import Submission
from course.worker.wire import Code as code

__all__ = [
    "Axes",
    "Compiled",
    "Figure",
    "Layer",
    "Line",
    "Model",
    "Submission",
    "array",
    "assert_close",
    "assert_equal",
    "assert_raises",
    "assert_shape",
    "code",
    "confirm",
    "fail",
    "figure",
    "forms",
    "graded",
    "model",
    "require",
    "unpack",
]
