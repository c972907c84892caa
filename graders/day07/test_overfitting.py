"""Grader of overfitting: generalization gap, early stopping with patience and min_delta, diagnosis."""

import numpy as np

from course.grading import assert_close, assert_equal, forms, graded, unpack


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


def diagnose(train, val, target, max_gap):
    return verdict(train[-1], val[-1] - train[-1], target, max_gap)


def verdict(loss, gap, target, max_gap):
    if loss > target:
        return "underfitting"
    return "overfitting" if gap > max_gap else "good fit"


def best_epoch(train, val, target, max_gap):
    best = int(np.argmin(val)) + 1
    return diagnose(train[:best], val[:best], target, max_gap)


def gap_first(train, val, target, max_gap):
    state = diagnose(train, val, target, max_gap)
    return "overfitting" if val[-1] - train[-1] > max_gap else state


# Every mistake gives other answers, but each of them is one of three: which it was shows in all of them together.
MISJUDGED = {
    "best_epoch": best_epoch,
    "order": gap_first,
    "val_target": lambda train, val, *limits: verdict(val[-1], val[-1] - train[-1], *limits),
    "absolute": lambda train, val, *limits: verdict(train[-1], abs(val[-1] - train[-1]), *limits),
    "below_target": lambda train, val, target, max_gap: verdict(
        -train[-1], val[-1] - train[-1], -target, max_gap
    ),
    "below_max_gap": lambda train, val, target, max_gap: verdict(
        train[-1], train[-1] - val[-1], target, -max_gap
    ),
}


def curve_with_best(rng, best, epochs):
    """A noisy valley: down to its lowest value at epoch `best`, above that afterwards."""
    falling = np.linspace(1.0, 0.3, best) + np.append(rng.uniform(0, 0.02, best - 1), 0)
    rising = 0.32 + 0.01 * np.arange(1, epochs - best + 1) + rng.uniform(0, 0.01, epochs - best)
    return np.concatenate([falling, rising])


def check(submission, losses, *settings, want=None, mistakes=None):
    got = unpack(submission.early_stopping(losses, *settings), "best_epoch", "stop_epoch")
    assert_equal(got, want or early_stopping(losses, *settings), mistakes=mistakes)


@graded(points=1)
def test_gap(submission, rng):
    train, val = rng.uniform(0.1, 0.3, size=7), rng.uniform(0.4, 0.6, size=7)
    val[2] = train[2] - 0.05
    wrong = {"reversed": train - val, "absolute": np.abs(val - train), "relative": (val - train) / train}
    wrong["last_only"] = val[-1] - train[-1]
    assert_close(submission.generalization_gap(train, val), val - train, mistakes=wrong)
    for epochs in (4, 1):
        for train, val in forms(rng, (epochs,), (epochs,)):
            assert_close(submission.generalization_gap(train, val), val - train)


@graded(points=2)
def test_patience(submission, rng):
    for best, patience in ((int(rng.integers(5, 20)), int(rng.integers(3, 8))), (32, 10)):
        stop = best + patience
        losses = curve_with_best(rng, best, epochs=2 * stop + 3)
        wrong = {
            "from_zero": (best - 1, stop - 1),
            "one_late": (best, stop + 1),
            "exchanged": (stop, best),
            "never_stops": (best, len(losses)),
        }
        check(submission, losses, patience, want=(best, stop), mistakes=wrong)


@graded(points=2, after=["patience"])
def test_later_minimum(submission, rng):
    before, patience = rng.integers(1, 6), int(rng.integers(2, 6))
    falling = 0.5 + 0.1 * np.arange(before, -1, -1)
    waiting = 0.5 + rng.permutation([0.06, 0.02, *rng.uniform(0.02, 0.06, size=patience - 2)])
    waiting[:2] = max(waiting[:2]), min(waiting[:2])  # a fall that is no improvement
    later = np.array([0.49, 0.4, 0.45, 0.43, *rng.uniform(0.46, 0.48, size=patience)])
    drawn = np.concatenate([falling, waiting, later])
    for losses, epochs in (
        (drawn, patience),
        (np.array([0.50, 0.40, 0.42, 0.41, 0.39, 0.30, 0.35, 0.33, 0.36]), 2),
    ):
        wrong = {"whole_curve": whole_curve(losses, epochs), "previous_epoch": previous_epoch(losses, epochs)}
        wrong["seen_ahead"] = (int(np.argmin(losses)) + 1, early_stopping(losses, epochs)[1])
        check(submission, losses, epochs, mistakes=wrong)


@graded(points=2, after=["patience"])
def test_count_starts_again(submission, rng):
    losses = np.array([0.9, 0.8, 0.85, 0.82, 0.7, 0.75, 0.72, 0.6, 0.61, 0.62, 0.64, 0.65])
    losses += rng.uniform(0, 0.1)
    check(submission, losses, 3, mistakes={"not_in_a_row": not_in_a_row(losses, 3)})


@graded(points=2, after=["patience"])
def test_runs_through(submission, rng):
    epochs, patience = int(rng.integers(5, 12)), int(rng.integers(3, 6))
    falling = np.sort(rng.uniform(0.1, 0.9, size=epochs))[::-1]
    for losses in (falling, np.append(falling, falling[-1] + [0.1, 0.2])):
        wrong = {"past_the_end": (epochs, epochs + patience), "no_stop": (epochs, None)}
        check(submission, losses, patience, want=(epochs, len(losses)), mistakes=wrong)
    check(submission, falling[:1], 1)


@graded(points=1, after=["patience"])
def test_equal_losses(submission, rng):
    before, patience = rng.integers(1, 6), int(rng.integers(1, 5))
    losses = np.append(np.arange(before, 0, -1), np.zeros(patience + 3)) + rng.integers(20, 40) / 64
    check(submission, losses, patience, mistakes={"ties_count": (len(losses), len(losses))})
    check(submission, np.full(6, rng.uniform()), patience)


@graded(points=2, after=["patience"])
def test_min_delta(submission, rng):
    # Sixty-fourths are exact in binary, so that a fall of exactly min_delta is exactly that.
    before = int(rng.integers(6))
    steps = np.append(70 + 10 * np.arange(before)[::-1], [60, 50, 47, 49, 44, 40, 43, 41, 39, 42, 43, 44, 45])
    losses = (steps + rng.integers(0, 4)) / 64
    epochs = {"ignored": (9, 12), "added": (13, 13), "best_moves": (2, 5), "at_least": (6, 9)}
    wrong = {key: (before + best, before + stop) for key, (best, stop) in epochs.items()}
    check(submission, losses, 3, 4 / 64, want=(before + 5, before + 8), mistakes=wrong)
    for settings in ((1, 0.25), (2, 1), (3,)):
        for (losses,) in forms(rng, (12,)):
            check(submission, losses, *settings)


@graded(points=2)
def test_diagnose(submission, rng):
    scale = rng.uniform(0.5, 2)
    train = scale * np.append(rng.uniform(0.9, 1.2, size=4), [0.3, np.nan])
    val = scale * np.append(rng.uniform(0.9, 1.2, size=4), [0.32, np.nan])
    ends = ((0.75, 0.80), (0.10, 0.60), (0.20, 0.25), (0.80, 1.60), (0.45, 0.55), (0.45, 0.15))
    cases = []
    for train[-1], val[-1] in scale * rng.permutation(ends):
        cases.append((train.copy(), val.copy(), 0.5 * scale, 0.2 * scale))
    answers = [submission.diagnose(*case) for case in cases]
    made = [key for key, wrong in MISJUDGED.items() if answers == [wrong(*case) for case in cases]]
    for case, got in zip(cases, answers, strict=True):
        assert_equal(got, diagnose(*case), mistakes=dict.fromkeys(made, got))


@graded(points=1, after=["diagnose"])
def test_diagnose_limits(submission, rng):
    # Eighths are exact in binary.
    target, max_gap = rng.integers(2, 9, size=2) / 8
    above = target + rng.uniform(0.5, 1)
    on_target = submission.diagnose(np.array([above, target]), np.array([above, target]), target, max_gap)
    assert_equal(on_target, "good fit", mistakes={"target": "underfitting"})
    train = np.array([above, target - 0.125])
    on_gap = submission.diagnose(train, train + max_gap, target, max_gap)
    assert_equal(on_gap, "good fit", mistakes={"gap": "overfitting"})
    for epochs in (5, 1):
        for train, val in forms(rng, (epochs,), (epochs,)):
            for limits in ((0, 1), (1, 0), (-1.5, 0.25), (2.0, 0.5)):
                assert_equal(submission.diagnose(train, val, *limits), diagnose(train, val, *limits))


@graded(points=2, hidden=True, after=["count_starts_again", "min_delta"])
def test_random_curves(submission, rng):
    for _ in range(12):
        epochs = int(rng.integers(15, 40))
        losses = np.round(64 * (np.exp(-np.arange(epochs) / 6) + rng.uniform(0, 0.4, epochs))) / 64
        check(submission, losses, int(rng.integers(1, 7)), float(rng.choice([0, 1, 2, 4])) / 64)
