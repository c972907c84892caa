"""Grader of day10/lstm_model."""

import numpy as np

from course.grading import assert_close, graded, model
from graders.reference.recurrent_models import RecurrentModel

MODEL = RecurrentModel(
    "LSTM",
    "lstm",
    shapes=[(1, 512), (128, 512), (512,)],
    parameters=66_560,
    total=103_745,
    epochs=300,
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


@graded(points=2, after=["parameters"])
def test_forget_bias(submission, rng):
    built, weights = MODEL.with_random_weights(submission, rng)
    fresh = model(submission.build_model())
    bias = weights[2].astype(float)
    mistakes = {
        "input_gate": bias[:128],
        "candidate": bias[256:384],
        "output_gate": bias[384:],
        "whole": bias,
        "interleaved": bias[1::4],
        "always_one": np.ones(128),
    }
    assert_close(submission.forget_bias(built), bias[128:256], mistakes=mistakes)
    assert_close(submission.forget_bias(fresh), np.ones(128), mistakes={"not_one": np.zeros(128)})


@graded(points=3, after=["formula", "compiled", "predict_next"], apart=True)
def test_trained(submission, rng):
    MODEL.check_trained(submission, rng)


@graded(points=1, after=["formula", "predict_next"], hidden=True)
def test_other_windows(submission, rng):
    MODEL.check_other_windows(submission, rng)
