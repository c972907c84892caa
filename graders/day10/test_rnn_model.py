"""Grader of day10/rnn_model."""

from course.grading import graded
from graders.reference.recurrent_models import RecurrentModel

MODEL = RecurrentModel(
    "SimpleRNN",
    "simple_rnn",
    shapes=[(1, 128), (128, 128), (128,)],
    parameters=16_640,
    total=53_825,
    epochs=500,
)


@graded(points=2)
def test_layers(submission, rng):
    MODEL.check_layers(submission, rng)


@graded(points=1, after=["layers"])
def test_parameters(submission, rng):
    MODEL.check_parameters(submission, rng)


@graded(points=2, after=["parameters"])
def test_formula(submission, rng):
    MODEL.check_formula(submission, rng)


@graded(points=1)
def test_compiled(submission):
    MODEL.check_compiled(submission)


@graded(points=2, after=["layers"])
def test_predict_next(submission, rng):
    MODEL.check_predict_next(submission, rng)


@graded(points=3, after=["formula", "compiled", "predict_next"], apart=True)
def test_trained(submission, rng):
    MODEL.check_trained(submission, rng)


@graded(points=1, after=["formula", "predict_next"], hidden=True)
def test_other_windows(submission, rng):
    MODEL.check_other_windows(submission, rng)
