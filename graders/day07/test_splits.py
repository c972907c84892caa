"""Grader of splits: sizes, shuffled and stratified splits judged by their properties, K-fold blocks."""

import itertools
import math

import numpy as np

from course.grading import array, assert_equal, assert_raises, graded, require, unpack

ROWS = 129_880


def row_numbers(part):
    """A part's row numbers in ascending order, once they are known to be integers."""
    rows = array(part).astype(int)
    assert_equal(part, rows)
    return np.sort(rows)


def check_parts(got, n_train, n_test):
    """The sorted row numbers of both parts, once they are known to hold each row exactly once."""
    train, test = (row_numbers(part) for part in unpack(got, "train", "test"))
    exchanged = n_train != n_test and (train.size, test.size) == (n_test, n_train)
    require(not exchanged, "exchanged")
    require((train.size, test.size) == (n_train, n_test), "sizes", train=train.size, test=test.size)
    common = np.intersect1d(train, test)
    require(common.size == 0, "overlap", count=common.size)
    every = np.array_equal(np.union1d(train, test), np.arange(n_train + n_test))
    require(every, "not_each_row")
    return train, test


def parts(got, n_train, n_test):
    """The same for parts whose function has passed check_parts before."""
    train, test = unpack(got, "train", "test")
    train, test = array(train, (n_train,)), array(test, (n_test,))
    every = np.sort(np.concatenate([train, test]).astype(int))
    whole = np.array_equal(train, train.astype(int)) and np.array_equal(test, test.astype(int))
    require(whole and np.array_equal(every, np.arange(n_train + n_test)), "not_each_row")
    in_test = np.bincount(test.astype(int), minlength=n_train + n_test) > 0
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def chosen_rows(got):
    """The rows of the test part as a set."""
    return {int(row) for row in array(unpack(got, "train", "test")[1])}


def random_states(rng):
    """Six seeds; 0 and 1 are numbers like any other."""
    return [0, 1, *rng.integers(2, 1000, size=4).tolist()]


def times_tested(split, n, start):
    """How often each of n rows is in the test part of 60 splits with one random_state after the other."""
    times = np.zeros(n, dtype=int)
    for random_state in range(start, start + 60):
        rows = array(unpack(split(random_state), "train", "test")[1]).astype(int)
        require(np.all((rows >= 0) & (rows < n)), "not_each_row")
        times[np.unique(rows)] += 1
    return times


def runs(rows):
    """Into how many runs of neighbouring rows a part falls."""
    return 1 + int(np.sum(np.diff(np.sort(list(rows))) > 1))


def shuffled_labels(rng, counts, names):
    return rng.permutation(np.repeat(names, counts))


def check_shares(y, test):
    """Each class has its share of the test part, rounded down or up."""
    for name in np.unique(y):
        ideal = np.sum(y == name) * len(test) / len(y)
        got = int(np.sum(y[test] == name))
        right = math.floor(ideal + 1e-9) <= got <= math.ceil(ideal - 1e-9)
        require(right, "share", name=int(name), got=got, ideal=round(ideal, 2))


def blocks(n, k):
    """Consecutive folds, the first n % k of them one row longer."""
    starts = np.cumsum([0] + [n // k + (fold < n % k) for fold in range(k)])
    return [list(range(a, b)) for a, b in itertools.pairwise(starts)]


def folds_of(got, k):
    """The learner's folds as (train, test) pairs of sorted lists."""
    pairs = [unpack(fold, "train", "test") for fold in unpack(got, *(f"fold {i}" for i in range(1, k + 1)))]
    return [tuple(row_numbers(part).tolist() for part in pair) for pair in pairs]


@graded(points=2)
def test_sizes(submission, rng):
    first = submission.split_sizes(ROWS, 0.15)
    wrong = {"exchanged": (19_482, 110_398), "one_more": (110_397, 19_483)}
    assert_equal(first, (110_398, 19_482), mistakes=wrong)
    second = submission.split_sizes(110_398, 0.2)
    assert_equal(second, (88_318, 22_080), mistakes={"down": (88_319, 22_079)})
    for percent in (15, 20, 35):
        n = int(rng.integers(100, 400))
        while not 5 <= n * percent % 100 <= 45:
            n += 1
        down = n * percent // 100
        want = (n - down - 1, down + 1)
        wrong = {"down": (n - down, down), "exchanged": want[::-1]}
        assert_equal(submission.split_sizes(n, percent / 100), want, mistakes=wrong)
    for fewer in (1, 3):  # shares that are exact in binary, of numbers that they divide
        n_test = int(rng.integers(20, 60)) * fewer
        want = (n_test // fewer * (4 - fewer), n_test)
        wrong = {"one_more": (want[0] - 1, n_test + 1)}
        assert_equal(submission.split_sizes(sum(want), fewer / 4), want, mistakes=wrong)


@graded(points=2, after=["sizes"])
def test_each_row_once(submission, rng):
    quarter = int(rng.integers(21, 29))
    cases = (
        (4 * quarter + 1, 0.25, quarter + 1),
        (11, 0.5, 6),
        (8, 0.75, 6),
        (3, 0.3, 1),
        (2, 0.5, 1),
        (9, 0.1, 1),
    )
    for random_state, (n, test_size, n_test) in zip(random_states(rng), cases, strict=True):
        check_parts(submission.shuffle_split(n, test_size, random_state), n - n_test, n_test)


@graded(points=1, after=["each_row_once"])
def test_random_state(submission, rng):
    for seed in (0, 1, int(rng.integers(2, 1000))):
        first, again = (submission.shuffle_split(60, 0.25, seed) for _ in range(2))
        same = all(np.array_equal(array(a), array(b)) for a, b in zip(first, again, strict=True))
        require(same, "not_repeatable", seed=seed)
    others = [chosen_rows(submission.shuffle_split(60, 0.25, seed + i)) for i in range(1, 6)]
    require(all(other != chosen_rows(first) for other in others), "seed_ignored")


@graded(points=2, after=["each_row_once"])
def test_shuffled(submission, rng):
    start = int(rng.integers(1000))
    fewest = min(runs(chosen_rows(submission.shuffle_split(80, 0.25, start + i))) for i in range(4))
    require(fewest > 3, "block", runs=fewest)
    # Of 60 splits a row is tested in 15 ± 3.4, the first half of 40 rows makes up 50 ± 1.8 % of the rows tested.
    times = times_tested(lambda random_state: submission.shuffle_split(40, 0.25, random_state), 40, start)
    percent = round(100 * times[:20].sum() / times.sum())
    require(abs(percent - 50) < 10, "uneven", percent=percent)
    require(times.min() > 0, "never", row=int(times.argmin()))
    require(times.max() < 36, "always", row=int(times.argmax()), times=int(times.max()))


@graded(points=2, after=["sizes"])
def test_stratified(submission, rng):
    quarter = int(rng.integers(10, 20))
    # A class whose share is a whole number, once the largest and once the smallest, gets no row more or less.
    cases = (
        ([100, 30, 10], 0.25, 35),
        ([8, 30, 42], 0.25, 20),
        ([13] * 7 + [9], 0.2, 20),
        ([41, 23, 7], 0.3, 22),
        ([4 * quarter], 0.25, quarter),
        ([2, 2, 16], 0.3, 6),
    )
    for place, random_state in enumerate(random_states(rng)):
        counts, test_size, n_test = cases[place]
        names = rng.permutation(np.arange(30) - 10 * place)[: len(counts)]
        y = shuffled_labels(rng, counts, names)
        got = submission.stratified_split(y, test_size, random_state)
        _, test = check_parts(got, len(y) - n_test, n_test)
        check_shares(y, test)


@graded(points=1, after=["stratified"])
def test_stratified_random(submission, rng):
    y = shuffled_labels(rng, [12, 8, 4], [0, 1, 2])
    seed = int(rng.integers(1000))
    first, again = (chosen_rows(submission.stratified_split(y, 0.25, seed)) for _ in range(2))
    require(first == again, "not_repeatable", seed=seed)
    times = times_tested(lambda random_state: submission.stratified_split(y, 0.25, random_state), 24, seed)
    require(times.max() < 60, "seed_ignored")
    require(times.min() > 0, "never", row=int(times.argmin()))
    require(times.max() < 36, "often", row=int(times.argmax()), times=int(times.max()))


@graded(points=2)
def test_k_fold(submission, rng):
    for n, k in ((10, 3), (int(rng.integers(5, 9)) * 5 + 3, 5), (12, 4), (6, 6)):
        want = blocks(n, k)
        folds = [test for _, test in folds_of(submission.k_fold(n, k), k)]
        exchanged = k > 2 and sorted(map(len, folds)) == sorted(n - len(fold) for fold in want)
        require(not exchanged, "exchanged")
        sizes = [len(fold) for fold in folds]
        require(folds != [list(range(i, n, k)) for i in range(k)] or folds == want, "interleaved")
        require(sizes == [len(fold) for fold in want], "sizes", got=sizes, want=[len(fold) for fold in want])
        assert_equal(folds, want)


@graded(points=1, after=["k_fold"])
def test_k_fold_train(submission, rng):
    for n, k in ((int(rng.integers(5, 9)) * 4 + 1, 4), (7, 2), (5, 5)):
        for train, test in folds_of(submission.k_fold(n, k), k):
            require(not set(train) & set(test), "overlap")
            assert_equal(train, [row for row in range(n) if row not in test])


@graded(points=1, after=["k_fold"])
def test_k_fold_errors(submission, rng):
    n = int(rng.integers(5, 9))
    for k in (1, 0, -2, n + 1, 2 * n):
        assert_raises(ValueError, submission.k_fold, n, k)
    folds_of(submission.k_fold(n, 2), 2)
    folds_of(submission.k_fold(n, n), n)


@graded(points=2, after=["stratified"])
def test_lecture(submission, rng):
    y = (rng.permutation(ROWS) < 71_087).astype(int)
    train, test = parts(submission.stratified_split(y, 0.15, 2023), 110_398, 19_482)
    check_shares(y, test)
    rest = y[train]
    _, validation = parts(submission.stratified_split(rest, 0.2, 2023), 88_318, 22_080)
    check_shares(rest, validation)


@graded(points=1, hidden=True, after=["shuffled", "stratified_random"])
def test_other_sizes(submission, rng):
    n = int(rng.integers(40, 60)) * 10 + 3
    n_test = (n * 2 + 9) // 10
    parts(submission.shuffle_split(n, 0.2, 7), n - n_test, n_test)
    counts = rng.integers(20, 90, size=5)
    y = shuffled_labels(rng, counts, [11, 4, 8, 2, 30])
    n_test = -(-len(y) * 3 // 8)
    _, test = parts(submission.stratified_split(y, 0.375, 7), len(y) - n_test, n_test)
    check_shares(y, test)
