"""Grader of day08/mini_batch."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, forms, graded, require, unpack


def iterations(rows, batch_size):
    return -(-rows // batch_size)


def uneven(rng, share=(0.1, 0.9)):
    """Rows and a batch size, at least 8 full batches and a rest that is this share of one."""
    batch_size = int(rng.integers(20, 60))
    rest = int(batch_size * rng.uniform(*share))
    return batch_size * int(rng.integers(8, 40)) + rest, batch_size


@graded(points=2)
def test_iterations(submission, rng):
    for _ in range(5):
        rows, size = uneven(rng, (0.6, 0.9))
        wrong = {"rounded_down": rows // size, "divided": rows / size}
        assert_equal(submission.iterations_per_epoch(rows, size), iterations(rows, size), mistakes=wrong)
        # To the nearest whole number was right above, and here it is rounding down.
        rows, size = uneven(rng, (0.1, 0.4))
        wrong = {"nearest": rows // size}
        assert_equal(submission.iterations_per_epoch(rows, size), iterations(rows, size), mistakes=wrong)
        full = rows // size
        wrong = {"one_too_many": full + 1}
        assert_equal(submission.iterations_per_epoch(full * size, size), full, mistakes=wrong)
    assert_equal(submission.iterations_per_epoch(1_000_000, 1_000), 1_000)
    assert_equal(submission.iterations_per_epoch(88_318, 128), 690)


@graded(points=1, hidden=True)
def test_few_rows(submission, rng):
    size = int(rng.integers(30, 90))
    for rows in (size - 1, size, 1):
        assert_equal(submission.iterations_per_epoch(rows, size), 1)
    assert_equal(submission.iterations_per_epoch(size, 1), size)


@graded(points=1, after=["iterations"])
def test_total(submission, rng):
    for _ in range(4):
        rows, size = uneven(rng, (0.1, 0.5))  # so that two rests fit into one batch
        epochs = int(rng.integers(3, 30))
        want = epochs * iterations(rows, size)
        wrong = {"one_epoch": iterations(rows, size), "rounded_late": -(-rows * epochs // size)}
        assert_equal(submission.total_iterations(rows, size, epochs), want, mistakes=wrong)
    for few, batch, times in ((rows, size, 1), (rows, size, 0), (1, size, epochs), (rows, 1, epochs)):
        assert_equal(submission.total_iterations(few, batch, times), times * iterations(few, batch))
    assert_equal(submission.total_iterations(88_318, 128, 100), 69_000)


@graded(points=2, after=["iterations"])
def test_epoch_and_step(submission, rng):
    for _ in range(5):
        rows, size = uneven(rng)
        per_epoch = iterations(rows, size)
        epoch, step = int(rng.integers(1, 5)), int(rng.integers(5, per_epoch))
        iteration = epoch * per_epoch + step
        wrong = {"swapped": (step, epoch), "from_one": (epoch + 1, step + 1)}
        wrong["rounded_down"] = divmod(iteration, rows // size)
        assert_equal(submission.epoch_and_step(iteration, rows, size), (epoch, step), mistakes=wrong)
    for at, few, batch in ((0, rows, size), (1, rows, size), (iteration, 1, size), (iteration, rows, 1)):
        assert_equal(submission.epoch_and_step(at, few, batch), divmod(at, iterations(few, batch)))
    for at, want in {0: (0, 0), 689: (0, 689), 690: (1, 0), 1_500: (2, 120)}.items():
        assert_equal(submission.epoch_and_step(at, 88_318, 128), want)


def table(rng, rows, shape=(2,)):
    """Rows that can be told apart: each begins with its own number, and its target belongs to that number."""
    X = rng.normal(size=(rows, *shape))
    X.reshape(rows, -1)[:, 0] = np.arange(rows)
    return X, 10 * np.arange(rows) + 3


def arrays(got, shape=(2,)):
    """The learner's batches as a list of pairs of arrays of matching lengths."""
    if not isinstance(got, list | tuple):
        array(got, ())
        return []
    pairs = []
    for batch in got:
        x_batch, y_batch = unpack(batch, "X_batch", "y_batch")
        y_batch = array(y_batch)
        pairs.append((array(x_batch, (len(np.atleast_1d(y_batch)), *shape)), y_batch))
    return pairs


def row_numbers(pairs):
    """The numbers of the rows in every batch, read off their first entries."""
    return [x_batch[:, *[0] * (x_batch.ndim - 1)].round().astype(int) for x_batch, _ in pairs]


@graded(points=2)
def test_every_row_once(submission, rng):
    for rows, size in ((21, 5), (24, 6), (int(rng.integers(70, 90)), 16)):
        X, y = table(rng, rows)
        got = submission.shuffled_batches(X, y, size, rng)
        if isinstance(got, list | tuple) and got and isinstance(got[0], np.ndarray) and got[0].ndim == 2:
            fail("one_batch" if isinstance(got, tuple) else "targets_missing")
        pairs = arrays(got)
        seen = np.concatenate([np.array([], dtype=int), *row_numbers(pairs)])
        rest = rows % size
        require(not (rest and len(seen) == rows - rest), "rest_dropped", rows=rows, rest=rest)
        twice = len(seen) - len(set(seen.tolist()))
        require(twice == 0, "with_replacement", twice=twice)
        require(len(seen) == rows, "count", seen=len(seen), rows=rows)
        for (x_batch, _), chosen in zip(pairs, row_numbers(pairs), strict=True):
            require(set(chosen) <= set(range(rows)), "rows_changed")
            assert_close(x_batch, X[chosen])


def full_sizes(rows, size):
    """The sizes of the batches of one epoch."""
    return [size] * (rows // size) + [rows % size] * (rows % size > 0)


@graded(points=1, after=["every_row_once"])
def test_sizes(submission, rng):
    for rows, size in (uneven(rng, (0.2, 0.8)), (23, 5), (24, 6), (4, 9), (1, 3), (5, 1)):
        X, y = table(rng, rows)
        sizes = [len(x_batch) for x_batch, _ in arrays(submission.shuffled_batches(X, y, size, rng))]
        want = full_sizes(rows, size)
        even = [len(part) for part in np.array_split(np.arange(rows), iterations(rows, size))]
        # Where nothing is left over, or a rest comes alone, these are no mistakes.
        wrong = {"even_split": even, "rest_first": want[::-1]} if rows > size and rows % size else {}
        assert_equal(sizes, want, mistakes=wrong)


def in_order(pairs):
    """Rows with their targets, sorted."""
    rows = np.vstack([np.column_stack([x.reshape(len(x), -1), y]) for x, y in pairs])
    return rows[np.lexsort(rows.T)]


@graded(points=2, after=["every_row_once"])
def test_pairs(submission, rng):
    X, y = table(rng, int(rng.integers(40, 60)))
    pairs = arrays(submission.shuffled_batches(X, y, 7, rng))
    for (_, y_batch), chosen in zip(pairs, row_numbers(pairs), strict=True):
        for target, row in zip(y_batch, chosen, strict=True):
            require(target == y[row], "pairs", row=int(row), want=int(y[row]), got=int(target))
    for rows, features, size in ((9, 2, 4), (1, 3, 4), (5, 1, 1)):
        for X, y in forms(rng, (rows, features), (rows,)):
            got = arrays(submission.shuffled_batches(X, y, size, rng), (features,))
            assert_equal([len(batch) for batch, _ in got], full_sizes(rows, size))
            assert_close(in_order(got), in_order([(X, y)]))


@graded(points=2, after=["every_row_once"])
def test_shuffled(submission, rng):
    rows, size = 100, 10
    X, y = table(rng, rows)
    pairs = arrays(submission.shuffled_batches(X, y, size, rng))
    numbers = [chosen for chosen in row_numbers(pairs) if chosen.size]
    order = np.concatenate(numbers)
    require(not np.array_equal(order, np.arange(rows)), "not_shuffled")
    runs = [np.array_equal(chosen, np.arange(chosen[0], chosen[0] + len(chosen))) for chosen in numbers]
    require(not all(runs), "blocks")
    chunks = [set((chosen // size).tolist()) for chosen in numbers]
    require(not all(len(chunk) == 1 for chunk in chunks), "within")
    require(np.mean(np.diff(order) == 1) < 0.5, "hardly")
    # In 8 epochs of 30 rows one of them is always at the same place once in 10^9 times; all of them is test_generator's matter.
    X, y = table(rng, 30)
    epochs = [arrays(submission.shuffled_batches(X, y, 8, child)) for child in rng.spawn(8)]
    orders = np.array([np.concatenate(row_numbers(pairs)) for pairs in epochs])
    stuck = orders[0][np.all(orders == orders[0], axis=0)]
    require(stuck.size in (0, 30), "stuck", row=int(min(stuck, default=0)))


@graded(points=1, after=["shuffled"])
def test_generator(submission, rng):
    X, y = np.arange(60.0).reshape(30, 2), np.arange(30)
    one, two = (int(seed) for seed in rng.choice(10_000, size=2, replace=False))
    orders = []
    for seed in (one, one, two):
        got = submission.shuffled_batches(X, y, 8, np.random.default_rng(seed))
        orders.append(np.concatenate(row_numbers(arrays(got))))
    require(np.array_equal(orders[0], orders[1]), "not_repeatable")
    require(not np.array_equal(orders[0], orders[2]), "generator_ignored")


@graded(points=1, after=["pairs", "sizes"], hidden=True)
def test_images(submission, rng):
    rows, shape = int(rng.integers(21, 29)), (4, 3, 2)
    X, y = table(rng, rows, shape)
    pairs = arrays(submission.shuffled_batches(X, y, 10, rng), shape)
    numbers = row_numbers(pairs)
    assert_equal(sorted(np.concatenate(numbers).tolist()), list(range(rows)))
    for (x_batch, y_batch), chosen in zip(pairs, numbers, strict=True):
        assert_close(x_batch, X[chosen])
        assert_close(y_batch, y[chosen])
