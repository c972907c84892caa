"""Grader of day10/time_series_windows."""

import numpy as np

from course.grading import assert_close, assert_equal, assert_raises, forms, graded, unpack

LECTURE_X = [[1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6, 7], [6, 7, 8], [7, 8, 9]]
LECTURE_Y = [4, 5, 6, 7, 8, 9, 10]


def count(length, timesteps, horizon=1):
    return max(0, length - timesteps - horizon + 1)


def draw(rng, *shape):
    """Whole numbers, all different, so that a misplaced one shows and a message can be read."""
    return rng.permutation(np.arange(100.0))[: np.prod(shape)].reshape(shape)


def windows(rows, timesteps, samples):
    """Windows of consecutive rows: (samples, timesteps, *rows.shape[1:])."""
    return np.stack([rows[start : start + timesteps] for start in range(samples)])


def split(series, timesteps, horizon=1):
    """Windows of shape (samples, timesteps, 1) and targets of shape (samples,)."""
    x = windows(series, timesteps, count(len(series), timesteps, horizon))
    return x[:, :, None], series[timesteps + horizon - 1 :]


def split_table(table, timesteps, target):
    """Windows of shape (samples, timesteps, features) and targets of shape (samples,)."""
    return windows(table, timesteps, count(len(table), timesteps)), table[timesteps:, target]


def check(got, want_x, want_y, x_mistakes=None, y_mistakes=None):
    x, y = unpack(got, "x", "y")
    assert_close(x, want_x, mistakes=x_mistakes)
    assert_close(y, want_y, mistakes=y_mistakes)


def check_series(submission, series, timesteps, *horizon):
    check(submission.make_windows(series, timesteps, *horizon), *split(series, timesteps, *horizon))


def check_table(submission, table, timesteps, target):
    got = submission.make_feature_windows(table, timesteps, target)
    check(got, *split_table(table, timesteps, target))


@graded(points=1)
def test_count(submission, rng):
    assert_equal(submission.window_count(10, 3), 7, mistakes={"one_missing": 6, "one_too_many": 8})
    for _ in range(3):
        # From a horizon of 3 on, ignoring it gives more than one too many.
        timesteps, horizon = int(rng.integers(2, 9)), int(rng.integers(3, 6))
        length = timesteps + horizon + int(rng.integers(3, 30))
        want = count(length, timesteps, horizon)
        mistakes = {
            "horizon_ignored": count(length, timesteps),
            "one_missing": want - 1,
            "one_too_many": want + 1,
        }
        assert_equal(submission.window_count(length, timesteps, horizon), want, mistakes=mistakes)
    timesteps, horizon = int(rng.integers(3, 9)), int(rng.integers(2, 5))
    assert_equal(submission.window_count(timesteps + horizon, timesteps, horizon), 1)
    assert_equal(submission.window_count(timesteps + horizon - 1, timesteps, horizon), 0)
    for length in (2, 0):
        got = submission.window_count(length, timesteps, horizon)
        assert_equal(got, 0, mistakes={"negative": length - timesteps - horizon + 1})
    assert_equal(submission.window_count(1, 1), 0)
    assert_equal(submission.window_count(2, 1), 1)


@graded(points=2)
def test_lecture(submission, rng):
    series = draw(rng, int(rng.integers(10, 14)))
    x, targets = split(series, 3)
    x_mistakes = {
        "no_feature_axis": x[:, :, 0],
        "timesteps_last": x.transpose(0, 2, 1),
        "reversed": x[:, ::-1],
        "one_missing": x[:-1],
        "one_too_many": windows(series, 3, len(x) + 1)[:, :, None],
        "apart": x[::3],
    }
    y_mistakes = {
        "last_of_window": series[2:-1],
        "too_far": targets[1:],
        "one_missing": targets[:-1],
        "y_column": targets[:, None],
        "y_windows": x[:, :, 0],
    }
    check(submission.make_windows(series, 3), x, targets, x_mistakes, y_mistakes)
    check(submission.make_windows(np.arange(1, 11), 3), np.array(LECTURE_X)[:, :, None], LECTURE_Y)


@graded(points=2, after=["lecture"])
def test_windows(submission, rng):
    for timesteps in (int(rng.integers(2, 5)), 5, 1):
        length = int(rng.integers(9, 16))
        check_series(submission, draw(rng, length) / 10, timesteps)
        for (series,) in forms(rng, (length,)):
            check_series(submission, series, timesteps)


@graded(points=1, after=["windows"])
def test_horizon(submission, rng):
    timesteps = int(rng.integers(3, 6))
    for horizon in (3, int(rng.integers(4, 6))):
        # From a horizon of 3 on, one step too early is not yet right after the window.
        series = draw(rng, 16)
        want_x, want_y = split(series, timesteps, horizon)
        ignored_x, ignored_y = split(series, timesteps)
        y_mistakes = {
            "ignored": ignored_y,
            "first_values": ignored_y[: len(want_y)],
            "too_early": series[timesteps + horizon - 2 : -1],
            "too_far": want_y[1:],
        }
        x_mistakes = {"ignored": ignored_x, "one_missing": want_x[:-1]}
        check(submission.make_windows(series, timesteps, horizon), want_x, want_y, x_mistakes, y_mistakes)
    for horizon in (1, 2):
        check_series(submission, draw(rng, 12), timesteps, horizon)


@graded(points=1, after=["windows"])
def test_too_short(submission, rng):
    timesteps, horizon = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    assert_raises(ValueError, submission.make_windows, draw(rng, timesteps), timesteps)
    assert_raises(ValueError, submission.make_windows, draw(rng, 0), timesteps)
    series = draw(rng, timesteps + horizon - 1)
    assert_raises(ValueError, submission.make_windows, series, timesteps, horizon)
    check_series(submission, draw(rng, timesteps + 1), timesteps)
    check_series(submission, draw(rng, timesteps + horizon), timesteps, horizon)


@graded(points=2)
def test_features(submission, rng):
    for target in (1, 2):
        table = draw(rng, int(rng.integers(9, 14)), 4)
        want_x, want_y = split_table(table, 3, target)
        x_mistakes = {
            "features_first": want_x.transpose(0, 2, 1),
            "scrambled": want_x.transpose(0, 2, 1).reshape(want_x.shape),
            "one_too_many": windows(table, 3, len(want_x) + 1),
            "one_missing": want_x[:-1],
            "target_left_out": np.delete(want_x, target, axis=2),
            "target_only": want_x[:, :, [target]],
        }
        y_mistakes = {
            "all_columns": table[3:],
            "last_of_window": table[2:-1, target],
            "first_column": table[3:, 0],
            "last_column": table[3:, -1],
            "y_column": want_y[:, None],
        }
        got = submission.make_feature_windows(table, 3, target)
        check(got, want_x, want_y, x_mistakes, y_mistakes)
    for features, timesteps, target in [(3, 4, 0), (1, 2, 0), (4, 1, 3)]:
        for (table,) in forms(rng, (int(rng.integers(7, 10)), features)):
            check_table(submission, table, timesteps, target)


@graded(points=1, after=["horizon", "features"], hidden=True)
def test_longer(submission, rng):
    series = rng.normal(size=60)
    for timesteps, horizon in [(20, 7), (1, 1), (50, 10)]:
        check_series(submission, series, timesteps, horizon)
    check_table(submission, rng.normal(size=(40, 6)), 7, 5)
