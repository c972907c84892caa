"""Grader of day10/time_series_windows."""

import numpy as np

from course.grading import assert_close, assert_equal, assert_raises, graded, unchanged, unpack

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


def check_series(submission, series, timesteps, *horizon):
    want_x, want_y = split(series, timesteps, *horizon)
    x, y = unpack(unchanged(submission.make_windows, series, timesteps, *horizon), "x", "y")
    assert_close(x, want_x)
    assert_close(y, want_y)


@graded(points=1)
def test_count(submission, rng):
    assert_equal(submission.window_count(10, 3), 7, mistakes={"one_missing": 6, "one_too_many": 8})
    for _ in range(3):
        timesteps, horizon = int(rng.integers(2, 9)), int(rng.integers(2, 6))
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
    got = submission.window_count(2, timesteps, horizon)
    assert_equal(got, 0, mistakes={"negative": 2 - timesteps - horizon + 1})


@graded(points=2)
def test_lecture(submission):
    series = np.arange(1, 11)
    flat, targets = np.array(LECTURE_X), np.array(LECTURE_Y)
    x_mistakes = {
        "no_feature_axis": flat,
        "timesteps_last": flat[:, None, :],
        "reversed": flat[:, ::-1, None],
        "one_missing": flat[:-1, :, None],
        "one_too_many": windows(series, 3, 8)[:, :, None],
        "apart": flat[::3, :, None],
    }
    y_mistakes = {
        "last_of_window": targets - 1,
        "too_far": targets[1:],
        "one_missing": targets[:-1],
        "y_column": targets[:, None],
        "y_windows": flat,
    }
    x, y = unpack(unchanged(submission.make_windows, series, 3), "x", "y")
    assert_close(x, flat[:, :, None], mistakes=x_mistakes)
    assert_close(y, targets, mistakes=y_mistakes)


@graded(points=2, after=["lecture"])
def test_windows(submission, rng):
    for timesteps in (int(rng.integers(2, 5)), 5, 1):
        check_series(submission, draw(rng, int(rng.integers(9, 16))) / 10, timesteps)


@graded(points=1, after=["windows"])
def test_horizon(submission, rng):
    timesteps = int(rng.integers(3, 6))
    for horizon in (2, int(rng.integers(3, 6))):
        series = draw(rng, 16)
        want_x, want_y = split(series, timesteps, horizon)
        x, y = unpack(unchanged(submission.make_windows, series, timesteps, horizon), "x", "y")
        ignored_x, ignored_y = split(series, timesteps)
        assert_close(x, want_x, mistakes={"ignored": ignored_x, "one_missing": want_x[:-1]})
        y_mistakes = {
            "ignored": ignored_y,
            "first_values": ignored_y[: len(want_y)],
            "too_early": series[timesteps + horizon - 2 : -1],
            "too_far": want_y[1:],
        }
        assert_close(y, want_y, mistakes=y_mistakes)
    check_series(submission, draw(rng, 12), timesteps, 1)


@graded(points=1, after=["windows"])
def test_too_short(submission, rng):
    timesteps, horizon = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    assert_raises(ValueError, submission.make_windows, draw(rng, timesteps), timesteps)
    series = draw(rng, timesteps + horizon - 1)
    assert_raises(ValueError, submission.make_windows, series, timesteps, horizon)
    check_series(submission, draw(rng, timesteps + 1), timesteps)


@graded(points=2)
def test_features(submission, rng):
    for features, timesteps, target in [(3, 4, 1), (2, 5, 0), (4, 2, int(rng.integers(2, 4)))]:
        table = draw(rng, int(rng.integers(9, 14)), features)
        want_x = windows(table, timesteps, len(table) - timesteps)
        want_y = table[timesteps:, target]
        x, y = unpack(unchanged(submission.make_feature_windows, table, timesteps, target), "x", "y")
        x_mistakes = {
            "features_first": want_x.transpose(0, 2, 1),
            "scrambled": want_x.transpose(0, 2, 1).reshape(want_x.shape),
            "one_too_many": windows(table, timesteps, len(table) - timesteps + 1),
            "one_missing": want_x[:-1],
            "target_left_out": np.delete(want_x, target, axis=2),
            "target_only": want_x[:, :, [target]],
        }
        y_mistakes = {
            "all_columns": table[timesteps:],
            "last_of_window": table[timesteps - 1 : -1, target],
            "first_column": table[timesteps:, 0],
            "last_column": table[timesteps:, -1],
            "y_column": want_y[:, None],
        }
        assert_close(x, want_x, mistakes=x_mistakes)
        assert_close(y, want_y, mistakes=y_mistakes)


@graded(points=1, after=["horizon", "features"], hidden=True)
def test_longer(submission, rng):
    series = rng.normal(size=60)
    for timesteps, horizon in [(20, 7), (1, 1), (50, 10)]:
        check_series(submission, series, timesteps, horizon)
    table = rng.normal(size=(40, 6))
    x, y = unpack(submission.make_feature_windows(table, 7, 5), "x", "y")
    assert_close(x, windows(table, 7, 33))
    assert_close(y, table[7:, 5])
