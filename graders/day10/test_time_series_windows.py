"""Grader of day10/time_series_windows."""

import numpy as np

from course.grading import assert_close, assert_equal, assert_raises, graded, unchanged, unpack

LECTURE_X = [[1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6, 7], [6, 7, 8], [7, 8, 9]]
LECTURE_Y = [4, 5, 6, 7, 8, 9, 10]


def count(length, timesteps, horizon=1):
    return max(0, length - timesteps - horizon + 1)


def windows(rows, timesteps, samples):
    """Windows of consecutive rows: (samples, timesteps, *rows.shape[1:])."""
    return np.stack([rows[start : start + timesteps] for start in range(samples)])


def check_series(submission, series, timesteps, horizon, *arguments):
    samples = count(len(series), timesteps, horizon)
    want_x = windows(series, timesteps, samples)[:, :, None]
    want_y = series[timesteps + horizon - 1 :]
    x, y = unpack(unchanged(submission.make_windows, series, timesteps, *arguments), "x", "y")
    x_mistakes = {
        "no_feature_axis": want_x[:, :, 0],
        "timesteps_last": want_x.transpose(0, 2, 1),
        "reversed": want_x[:, ::-1],
        "one_missing": want_x[:-1],
        "one_too_many": windows(series, timesteps, samples + 1)[:, :, None],
        "horizon_ignored": windows(series, timesteps, count(len(series), timesteps))[:, :, None],
        "apart": windows(series, timesteps, samples)[::timesteps, :, None],
    }
    y_mistakes = {
        "last_of_window": series[timesteps - 1 : timesteps - 1 + samples],
        "one_missing": want_y[:-1],
        "y_column": want_y[:, None],
        "horizon_ignored": series[timesteps : timesteps + samples],
        "too_far": np.append(want_y[1:], series[-1:]),
        "y_windows": want_x[:, :, 0],
    }
    assert_close(x, want_x, mistakes=x_mistakes)
    assert_close(y, want_y, mistakes=y_mistakes)


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
def test_lecture(submission, rng):
    check_series(submission, np.arange(1, 11), 3, 1)
    x, y = unpack(submission.make_windows(np.arange(1, 11), 3), "x", "y")
    assert_close(x, np.reshape(LECTURE_X, (7, 3, 1)))
    assert_close(y, LECTURE_Y)


@graded(points=2, after=["lecture"])
def test_windows(submission, rng):
    for timesteps in (int(rng.integers(2, 5)), 5, 1):
        check_series(submission, rng.normal(size=int(rng.integers(9, 16))), timesteps, 1)


@graded(points=1, after=["windows"])
def test_horizon(submission, rng):
    for horizon in (1, 2, int(rng.integers(3, 6))):
        check_series(submission, rng.normal(size=14), 4, horizon, horizon)


@graded(points=1, after=["windows"])
def test_too_short(submission, rng):
    timesteps, horizon = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    assert_raises(ValueError, submission.make_windows, rng.normal(size=timesteps), timesteps)
    series = rng.normal(size=timesteps + horizon - 1)
    assert_raises(ValueError, submission.make_windows, series, timesteps, horizon)
    check_series(submission, rng.normal(size=timesteps + 1), timesteps, 1)


@graded(points=2)
def test_features(submission, rng):
    for features, timesteps, target in [(3, 4, 1), (2, 5, 0), (4, 2, int(rng.integers(2, 4)))]:
        table = rng.normal(size=(int(rng.integers(9, 14)), features))
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
        check_series(submission, series, timesteps, horizon, horizon)
    table = rng.normal(size=(40, 6))
    x, y = unpack(submission.make_feature_windows(table, 7, 5), "x", "y")
    assert_close(x, windows(table, 7, 33))
    assert_close(y, table[7:, 5])
