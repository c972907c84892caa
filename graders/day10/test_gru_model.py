"""Grader of day10/gru_model."""

import numpy as np

from course.grading import assert_close, graded, unchanged
from course.reference.recurrent_models import RecurrentModel

MODEL = RecurrentModel(
    "GRU",
    "gru",
    shapes=[(1, 384), (128, 384), (2, 384)],
    parameters=50_304,
    total=87_489,
    epochs=300,
)


@graded(points=2)
def test_layers(submission):
    MODEL.check_layers(submission)


@graded(points=1, after=["layers"])
def test_parameters(submission):
    MODEL.check_parameters(submission, mistakes={"reset_before": 49_920})


@graded(points=2, after=["parameters"])
def test_formula(submission, rng):
    MODEL.check_formula(submission, rng)


@graded(points=1, after=["layers"])
def test_compiled(submission):
    MODEL.check_compiled(submission)


@graded(points=2, after=["formula"])
def test_predict_next(submission, rng):
    MODEL.check_predict_next(submission, rng)


def continued(weights, numbers, steps):
    """Feed each prediction back in."""
    numbers = list(numbers)
    for _ in range(steps):
        numbers.append(MODEL.following(numbers[-3:], weights))
    return np.array(numbers[3:])


@graded(points=2, after=["predict_next"])
def test_forecast_ahead(submission, rng):
    model, weights = MODEL.with_random_weights(submission, rng)
    for steps in (1, 5):
        numbers = rng.normal(size=3)
        want = continued(weights, numbers, steps)
        mistakes = {
            "not_fed_back": np.full(steps, want[0]),
            "with_the_start": np.concatenate([numbers, want]),
            "last_only": want[-1],
        }
        got = unchanged(submission.forecast_ahead, model, numbers.tolist(), steps)
        assert_close(got, want, rtol=1e-3, atol=1e-4, mistakes=mistakes)


@graded(points=3, after=["compiled", "predict_next"])
def test_trained(submission, rng):
    MODEL.check_trained(submission, rng)


@graded(points=1, after=["forecast_ahead"], hidden=True)
def test_other_forecasts(submission, rng):
    model, weights = MODEL.with_random_weights(submission, rng)
    for steps in (2, 4):
        numbers = rng.integers(-3, 4, size=3)
        want = continued(weights, numbers, steps)
        assert_close(submission.forecast_ahead(model, numbers.tolist(), steps), want, rtol=1e-3, atol=1e-4)
