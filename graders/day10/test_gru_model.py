"""Grader of day10/gru_model."""

import numpy as np

from course.grading import assert_close, graded
from graders.reference.recurrent_models import RecurrentModel, answers, disturbed, windows

MODEL = RecurrentModel(
    "GRU",
    "gru",
    shapes=[(1, 384), (128, 384), (2, 384)],
    parameters=50_304,
    total=87_489,
    epochs=300,
)


@graded(points=2)
def test_layers(submission, rng):
    MODEL.check_layers(submission, rng)


@graded(points=1, after=["layers"])
def test_parameters(submission, rng):
    MODEL.check_parameters(submission, rng, mistakes={"reset_before": 49_920})


@graded(points=2, after=["parameters"])
def test_formula(submission, rng):
    MODEL.check_formula(submission, rng)


@graded(points=1)
def test_compiled(submission):
    MODEL.check_compiled(submission)


@graded(points=2, after=["layers"])
def test_predict_next(submission, rng):
    MODEL.check_predict_next(submission, rng)


def continued(built, starts, steps):
    """Feed each prediction back in, after each start so many times."""
    rows = [list(start) for start in starts]
    for _ in range(max(steps)):
        for row, following in zip(rows, answers(built, [row[-3:] for row in rows]), strict=True):
            row.append(following)
    return [np.array(row[3 : 3 + count]) for row, count in zip(rows, steps, strict=True)]


@graded(points=2, after=["predict_next"])
def test_forecast_ahead(submission, rng):
    built = disturbed(submission, rng)
    starts, counts = windows(rng), (3, 2, 2, 2, 1)
    for numbers, steps, want in zip(starts, counts, continued(built, starts, counts), strict=True):
        mistakes = {"with_the_start": np.concatenate([numbers, want])}
        if steps > 1:  # else the last number is the first and the only one
            mistakes |= {"not_fed_back": np.full(steps, want[0]), "last_only": want[-1]}
        got = submission.forecast_ahead(built, numbers, steps)
        assert_close(got, want, rtol=1e-4, atol=1e-5, mistakes=mistakes)


@graded(points=3, after=["formula", "compiled", "predict_next"], apart=True)
def test_trained(submission, rng):
    MODEL.check_trained(submission, rng)


@graded(points=1, after=["formula", "forecast_ahead"], hidden=True)
def test_other_forecasts(submission, rng):
    built, _ = MODEL.with_random_weights(submission, rng)
    starts, counts = rng.integers(-3, 4, size=(2, 3)), (2, 4)
    for numbers, steps, want in zip(starts, counts, continued(built, starts, counts), strict=True):
        got = submission.forecast_ahead(built, numbers.tolist(), steps)
        assert_close(got, want, rtol=1e-3, atol=1e-4)
