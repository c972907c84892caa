"""Grader of day10/team_project."""

from typing import NamedTuple

import numpy as np
import pytest

from course.grading import array, graded, require

WINDOW, HORIZON = 24, 12
SAMPLES, HELD_OUT = 2000, 300
TRAIN_SECONDS = 50  # forecast has the usual 10 seconds of a call
# Held-out errors as a share of the linear baseline's, over 138 series: the reference network 0.007-0.016, nearest
# neighbours 0.006-0.054, least squares on products of pairs 0.07-0.13, ridge regression 0.98-1.06, a linear model
# iterated step by step 0.99-1.17, the mean 1.7-3.5, the naive forecast 2.4-6.5. An exponential tail fitted to the
# reference's upper tenth puts fewer than one in 10¹³ above EXCELLENT.
LINEAR, NONLINEAR, EXCELLENT = 0.8, 0.3, 0.05


class Task(NamedTuple):
    """Windows and targets for training, held-out windows, and the targets that never leave the grader."""

    x_train: np.ndarray
    y_train: np.ndarray
    x: np.ndarray
    y: np.ndarray


def mackey_glass(rng, length, delay):
    """x[t+1] = 0.9·x[t] + 0.2·x[t-delay] / (1 + x[t-delay]¹⁰), after 500 steps of settling."""
    x = list(rng.uniform(0.5, 1.3, delay + 1))
    for _ in range(length + 500):
        late = x[-1 - delay]
        x.append(0.9 * x[-1] + 0.2 * late / (1 + late**10))
    return np.array(x[-length:])


def draw_task(rng, sign=1):
    """A series with a delay, a scale, an offset of this sign and noise of its own, cut into past and future."""
    stride = WINDOW + HORIZON + 30  # no held-out target lies in, or next to, another held-out window
    length = SAMPLES + WINDOW + HORIZON + (HELD_OUT + 1) * stride
    clean = mackey_glass(rng, length, delay=int(rng.integers(17, 23)))
    noisy = clean + 0.05 * clean.std() * rng.normal(size=length)
    series = sign * rng.uniform(400, 600) + rng.uniform(20, 200) * noisy
    starts = np.arange(SAMPLES)
    later = SAMPLES + WINDOW + HORIZON + stride * rng.permutation(HELD_OUT)
    return Task(*cut(series, starts), *cut(series, later))


def cut(series, starts):
    """Windows (samples, 24, 1) and the values 12 steps after their last (samples, 1)."""
    places = starts[:, None] + np.arange(WINDOW)
    return series[places][:, :, None], series[places[:, -1:] + HORIZON]


def linear_baseline(task):
    """Least squares on the 24 values."""
    with_one = [np.column_stack([x[:, :, 0], np.ones(len(x))]) for x in (task.x_train, task.x)]
    return with_one[1] @ np.linalg.lstsq(with_one[0], task.y_train, rcond=None)[0]


def error(forecast, task):
    """Mean squared error on the held-out targets."""
    return float(np.mean((forecast - task.y) ** 2))


def train_and_forecast(submission, task):
    """The learner's forecasts of the held-out windows."""
    submission.train.within(TRAIN_SECONDS)(task.x_train, task.y_train)
    return submission.forecast(task.x)


def check_alone(submission, task, values, rng):
    """A few of the windows, one of them twice, or one alone: they get the same forecasts again."""
    one, other, third = rng.permutation(HELD_OUT)[:3]
    for some in ([one, other, third], [third, one, third], [other]):
        again = array(submission.forecast(task.x[some]), (len(some), 1))
        near = np.allclose(again, values[some], rtol=0, atol=1e-3 * task.y_train.std())
        require(near, "depends_on_the_others")


@pytest.fixture(scope="module")
def results():
    """The first series and the learner's error on it, so that only one test trains on it."""
    return {}


def require_share(results, share):
    """The learner's error is at most this share of the linear baseline's."""
    task, mse = results["task"], results["mse"]
    linear = error(linear_baseline(task), task)
    require(
        mse < share * linear, "too_large", mse=mse, linear=linear, share=round(mse / linear, 3), due=share
    )


@graded(points=2)
def test_interface(submission, rng, results):
    task = draw_task(rng)
    got = train_and_forecast(submission, task)
    require(np.shape(got) != (HELD_OUT,), "flat", samples=HELD_OUT)
    values = array(got, (HELD_OUT, 1))
    check_alone(submission, task, values, rng)
    results.update(task=task, mse=error(values, task))


@graded(points=2, after=["interface"])
def test_beats_naive(results):
    task, mse = results["task"], results["mse"]
    naive = error(task.x[:, -1], task)
    require(mse < 0.5 * naive, "too_large", mse=mse, naive=naive)


@graded(points=3, after=["beats_naive"])
def test_beats_linear(results):
    require_share(results, LINEAR)


@graded(points=3, after=["beats_linear"])
def test_nonlinear(results):
    require_share(results, NONLINEAR)


@graded(points=2, after=["nonlinear"])
def test_excellent(results):
    require_share(results, EXCELLENT)


@graded(points=3, after=["beats_linear"], hidden=True)
def test_another_series(submission, rng):
    task = draw_task(rng, sign=-1)
    values = array(train_and_forecast(submission, task), (HELD_OUT, 1))
    check_alone(submission, task, values, rng)
    require(error(values, task) < NONLINEAR * error(linear_baseline(task), task), "too_large")
