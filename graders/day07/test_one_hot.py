"""Grader of one_hot: categories in order of appearance, encoding, unseen labels, decoding."""

import numpy as np

from course.grading import (
    array,
    assert_close,
    assert_equal,
    assert_raises,
    assert_shape,
    graded,
    require,
)

PETS = ["Cat", "Dog", "Turtle", "Fish", "Cat"]
COLUMNS = ["Cat", "Dog", "Turtle", "Fish"]
TABLE = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]])
WORDS = ["rain", "fog", "sun", "snow", "hail", "wind", "storm", "cloud"]
NUMBERS = list(range(-30, 50, 10))


def encode(labels, categories):
    return np.array([[int(label == category) for category in categories] for label in labels])


def unsorted(rng, values, count=6):
    """A shuffled selection that is certainly not in sorted order."""
    first, second, *rest = (values[i] for i in rng.permutation(len(values))[:count])
    return [max(first, second), min(first, second), *rest]


def labels_from(rng, categories, extra=6):
    """Every category once, in order, then repeats: the first two come last, so that no other order gives theirs."""
    repeats = [categories[i] for i in rng.integers(len(categories), size=extra)]
    return [*categories, *repeats, *categories[:2]]


@graded(points=1)
def test_categories(submission, rng):
    wrong = {"sorted": sorted(COLUMNS), "repeated": PETS, "last": [*COLUMNS[1:], COLUMNS[0]]}
    assert_equal(submission.find_categories(PETS), COLUMNS, mistakes=wrong)
    for values in (WORDS, NUMBERS):
        chosen = unsorted(rng, values)
        labels = labels_from(rng, chosen)
        by_last = [label for place, label in enumerate(labels) if label not in labels[place + 1 :]]
        wrong = {"sorted": sorted(chosen), "repeated": labels, "last": by_last}
        assert_equal(submission.find_categories(labels), chosen, mistakes=wrong)
    for count in (1, 3):
        assert_equal(submission.find_categories(chosen[:1] * count), chosen[:1])


@graded(points=2)
def test_pet_table(submission, rng):
    drawn = unsorted(rng, COLUMNS)
    for labels, columns in ((PETS, COLUMNS), (labels_from(rng, drawn), drawn)):
        got = submission.one_hot_encode(labels, columns)
        wrong = {"sorted": encode(labels, sorted(columns)), "shared_row": np.ones((len(labels), 4))}
        assert_close(got, encode(labels, columns), mistakes=wrong)


@graded(points=2, after=["pet_table"])
def test_encode(submission, rng):
    categories = unsorted(rng, WORDS)
    for shift in rng.permutation(5)[:2] + 1:
        appearing = [*categories[shift:], *categories[:shift]]
        labels = labels_from(rng, appearing, extra=1)
        got = submission.one_hot_encode(labels, categories)
        sums = array(got, (9, 6)).sum(axis=1)
        require(np.all(sums == 1), "row_sums", sums=sums.tolist())
        wrong = {"from_labels": encode(labels, appearing)}
        assert_close(got, encode(labels, categories), mistakes=wrong)
    for count in (1, 3):
        same = appearing[:1] * count
        assert_close(submission.one_hot_encode(same, categories), encode(same, categories))
        assert_close(submission.one_hot_encode(same, same[:1]), np.ones((count, 1)))


@graded(points=1, after=["pet_table"])
def test_columns(submission, rng):
    categories = np.roll(np.arange(5), rng.integers(1, 5)).tolist()
    labels = [categories[i] for i in (1, 3, 1)]
    got = submission.one_hot_encode(labels, categories)
    columns = np.atleast_1d(array(got)).shape[-1]
    require(columns == 5, "missing_columns", columns=columns)
    assert_close(got, encode(labels, categories), mistakes={"label_is_column": np.eye(5)[labels]})


@graded(points=2, after=["pet_table"])
def test_unseen(submission, rng):
    assert_raises(ValueError, submission.one_hot_encode, ["Cat", "Cow"], COLUMNS)
    # Longer than every category, a part of one, another case: equal to none.
    for unseen in ("Turtles", "Cattle", "Fis", "dog"):
        labels = [COLUMNS[i] for i in rng.integers(4, size=3)]
        labels.insert(int(rng.integers(4)), unseen)
        assert_raises(ValueError, submission.one_hot_encode, labels, COLUMNS)
    numbers = unsorted(rng, NUMBERS, 5)
    assert_raises(ValueError, submission.one_hot_encode, [numbers[1], 3, numbers[0]], numbers)
    assert_raises(ValueError, submission.one_hot_encode, [3], numbers)


@graded(points=1)
def test_decode(submission, rng):
    got = submission.one_hot_decode(TABLE, COLUMNS)
    positions = TABLE.argmax(axis=1).tolist()
    wrong = {"sorted": [sorted(COLUMNS)[i] for i in positions], "position": positions}
    assert_equal(got, PETS, mistakes=wrong)
    for values in (WORDS, NUMBERS):
        categories = unsorted(rng, values)
        chosen = rng.permutation([*range(6), 0])
        got = submission.one_hot_decode(np.eye(6)[chosen], categories)
        wrong = {"sorted": [sorted(categories)[i] for i in chosen], "position": chosen.tolist()}
        assert_equal(got, [categories[i] for i in chosen], mistakes=wrong)
    assert_equal(submission.one_hot_decode(np.eye(6)[chosen[:1]], categories), [categories[chosen[0]]])
    assert_equal(submission.one_hot_decode(np.ones((3, 1)), categories[:1]), categories[:1] * 3)


@graded(points=2, after=["decode"])
def test_decode_probabilities(submission, rng):
    for dtype in (float, float, np.float32):
        categories = unsorted(rng, WORDS, 4)
        scores = np.exp(rng.normal(size=(8, 4)))
        table = (scores / scores.sum(axis=1, keepdims=True)).astype(dtype)
        table[0] = [0.1, 0.4, 0.4, 0.1]
        table[1] = [0.2, 0.2, 0.3, 0.3]
        want = [categories[i] for i in table.argmax(axis=1)]
        got = submission.one_hot_decode(table, categories)
        tie = [categories[3 - i] for i in table[:, ::-1].argmax(axis=1)]
        smallest = [categories[i] for i in table.argmin(axis=1)]
        assert_equal(got, want, mistakes={"ones_only": [], "last_of_equal": tie, "smallest": smallest})
    assert_equal(submission.one_hot_decode(np.full((2, 4), 0.25), categories), categories[:1] * 2)


@graded(points=1, after=["pet_table", "decode"])
def test_empty(submission, rng):
    columns = unsorted(rng, WORDS, rng.integers(2, 7))
    assert_equal(submission.find_categories([]), [])
    assert_shape(submission.one_hot_encode([], columns), (0, len(columns)))
    assert_equal(submission.one_hot_decode(np.zeros((0, len(columns))), columns), [])


@graded(points=2, hidden=True, after=["categories", "encode", "decode"])
def test_round_trip(submission, rng):
    for values in (WORDS, NUMBERS):
        chosen = unsorted(rng, values, 5)
        labels = labels_from(rng, chosen, extra=20)
        assert_equal(submission.find_categories(labels), chosen)
        assert_close(submission.one_hot_encode(labels, chosen), encode(labels, chosen))
        assert_equal(submission.one_hot_decode(encode(labels, chosen), chosen), labels)
