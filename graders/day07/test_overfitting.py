"""Grader of overfitting: generalization gap, early stopping with patience and min_delta, diagnosis."""

import numpy as np

from course.grading import assert_close, assert_equal, graded, unchanged, unpack


def early_stopping(losses, patience, min_delta=0.0):
    best_epoch = 1
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[best_epoch - 1] - min_delta:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses)


def whole_curve(losses, patience):
    """The mistake of looking at epochs that are never trained."""
    best = int(np.argmin(losses)) + 1
    return best, min(best + patience, len(losses))


def not_in_a_row(losses, patience):
    """The mistake of never setting the count of epochs without improvement back."""
    best_epoch, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[best_epoch - 1]:
            best_epoch = epoch
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses)


def previous_epoch(losses, patience):
    """The mistake of comparing with the epoch before instead of the best one."""
    best_epoch, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[epoch - 2]:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses)


def curve_with_best(rng, best, epochs):
    """A noisy valley: down to its lowest value at epoch `best`, above that afterwards."""
    falling = np.linspace(1.0, 0.3, best) + np.append(rng.uniform(0, 0.02, best - 1), 0)
    rising = 0.32 + 0.01 * np.arange(1, epochs - best + 1) + rng.uniform(0, 0.01, epochs - best)
    return np.concatenate([falling, rising])


def check(got, losses, patience, mistakes):
    assert_equal(unpack(got, "best_epoch", "stop_epoch"), early_stopping(losses, patience), mistakes=mistakes)


@graded(points=1)
def test_gap(submission, rng):
    train, val = rng.uniform(0.1, 0.3, size=7), rng.uniform(0.4, 0.6, size=7)
    val[2] = train[2] - 0.05
    wrong = {"reversed": train - val, "absolute": np.abs(val - train), "relative": (val - train) / train}
    wrong["last_only"] = val[-1] - train[-1]
    assert_close(unchanged(submission.generalization_gap, train, val), val - train, mistakes=wrong)


@graded(points=2)
def test_patience(submission, rng):
    losses = curve_with_best(rng, best=32, epochs=100)
    wrong = {"from_zero": (31, 41), "one_late": (32, 43), "exchanged": (42, 32), "never_stops": (32, 100)}
    got = unchanged(submission.early_stopping, losses, 10)
    assert_equal(unpack(got, "best_epoch", "stop_epoch"), (32, 42), mistakes=wrong)


@graded(points=2, after=["patience"])
def test_later_minimum(submission):
    losses = np.array([0.50, 0.40, 0.42, 0.41, 0.39, 0.30, 0.35, 0.33, 0.36])
    wrong = {"whole_curve": whole_curve(losses, 2), "previous_epoch": previous_epoch(losses, 2)}
    wrong["seen_ahead"] = (int(np.argmin(losses)) + 1, 4)
    check(submission.early_stopping(losses, 2), losses, 2, wrong)


@graded(points=2, after=["patience"])
def test_count_starts_again(submission, rng):
    losses = np.array([0.9, 0.8, 0.85, 0.82, 0.7, 0.75, 0.72, 0.6, 0.61, 0.62, 0.64, 0.65])
    losses += rng.uniform(0, 0.1)
    check(submission.early_stopping(losses, 3), losses, 3, {"not_in_a_row": not_in_a_row(losses, 3)})


@graded(points=2, after=["patience"])
def test_runs_through(submission, rng):
    falling = np.sort(rng.uniform(0.1, 0.9, size=9))[::-1]
    got = unpack(submission.early_stopping(falling, 3), "best_epoch", "stop_epoch")
    assert_equal(got, (9, 9), mistakes={"past_the_end": (9, 12), "no_stop": (9, None)})
    late = np.append(falling, falling[-1] + [0.1, 0.2])
    got = unpack(submission.early_stopping(late, 3), "best_epoch", "stop_epoch")
    assert_equal(got, (9, 11), mistakes={"past_the_end": (9, 12), "no_stop": (9, None)})
    assert_equal(unpack(submission.early_stopping(np.array([0.5]), 1), "best_epoch", "stop_epoch"), (1, 1))


@graded(points=1, after=["patience"])
def test_equal_losses(submission, rng):
    level = rng.integers(20, 40) / 64
    losses = np.array([1.0, level, level, level, level, level])
    check(submission.early_stopping(losses, 2), losses, 2, {"ties_count": (6, 6)})


@graded(points=2, after=["patience"])
def test_min_delta(submission, rng):
    # Sixty-fourths are exact in binary, so that a fall of exactly min_delta is exactly that.
    steps = np.array([60, 50, 47, 44, 41, 40, 42, 39, 38, 37, 36, 35, 34, 36, 37, 36, 37, 35])
    losses = (steps + rng.integers(0, 4)) / 64
    wrong = {
        "ignored": early_stopping(losses, 3),
        "added": early_stopping(losses, 3, -4 / 64),
        "best_moves": (2, 5),
        "at_least": (6, 9),
    }
    got = unpack(submission.early_stopping(losses, 3, 4 / 64), "best_epoch", "stop_epoch")
    assert_equal(got, (4, 7), mistakes=wrong)


@graded(points=2)
def test_diagnose(submission, rng):
    train = np.append(rng.uniform(0.9, 1.2, size=4), 0.3)
    val = np.append(rng.uniform(0.9, 1.2, size=4), 0.32)

    def ask(state, train_end, val_end, mistakes=None):
        got = submission.diagnose(np.append(train, train_end), np.append(val, val_end), 0.5, 0.2)
        assert_equal(got, state, mistakes=mistakes)

    ask("underfitting", 0.75, 0.80, {"best_epoch": "good fit"})
    ask("overfitting", 0.10, 0.60, {"best_epoch": "good fit", "val_target": "underfitting"})
    ask("good fit", 0.20, 0.25)
    ask("underfitting", 0.80, 1.60, {"order": "overfitting", "best_epoch": "good fit"})
    ask("good fit", 0.45, 0.55, {"val_target": "underfitting"})
    ask("good fit", 0.45, 0.15, {"absolute": "overfitting"})


@graded(points=1, after=["diagnose"])
def test_diagnose_limits(submission):
    on_target = submission.diagnose(np.array([0.9, 0.5]), np.array([0.9, 0.5]), 0.5, 0.25)
    assert_equal(on_target, "good fit", mistakes={"target": "underfitting"})
    on_gap = submission.diagnose(np.array([0.9, 0.25]), np.array([0.9, 0.5]), 0.5, 0.25)
    assert_equal(on_gap, "good fit", mistakes={"gap": "overfitting"})


@graded(points=2, hidden=True, after=["count_starts_again", "min_delta"])
def test_random_curves(submission, rng):
    for _ in range(12):
        epochs = int(rng.integers(15, 40))
        losses = np.round(64 * (np.exp(-np.arange(epochs) / 6) + rng.uniform(0, 0.4, epochs))) / 64
        patience, min_delta = int(rng.integers(1, 7)), float(rng.choice([0, 1, 2, 4])) / 64
        got = unpack(submission.early_stopping(losses, patience, min_delta), "best_epoch", "stop_epoch")
        assert_equal(got, early_stopping(losses, patience, min_delta))
