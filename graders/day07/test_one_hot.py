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
    unchanged,
)

PETS = ["Cat", "Dog", "Turtle", "Fish", "Cat"]
COLUMNS = ["Cat", "Dog", "Turtle", "Fish"]
TABLE = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]])
WORDS = ["rain", "fog", "sun", "snow", "hail", "wind", "storm", "cloud"]


def encode(labels, categories):
    return np.array([[int(label == category) for category in categories] for label in labels])


def unsorted(rng, values):
    """A shuffled selection that is certainly not in sorted order."""
    first, second, *rest = (str(value) for value in rng.permutation(values)[:6])
    return [max(first, second), min(first, second), *rest]


def labels_from(rng, categories, extra=6):
    """Every category once, in order, with repeats sprinkled in after the first appearances."""
    repeats = [categories[i] for i in rng.integers(len(categories), size=extra)]
    return [*categories, *repeats]


@graded(points=1)
def test_categories(submission, rng):
    wrong = {"sorted": sorted(COLUMNS), "repeated": PETS}
    assert_equal(submission.find_categories(PETS), COLUMNS, mistakes=wrong)
    words = unsorted(rng, WORDS)
    labels = labels_from(rng, words)
    wrong = {"sorted": sorted(words), "repeated": labels, "last": list(dict.fromkeys(labels[::-1]))}
    assert_equal(unchanged(submission.find_categories, labels), words, mistakes=wrong)
    numbers = [int(n) for n in rng.permutation(np.arange(20, 90, 10))[:4]]
    got = submission.find_categories([*numbers, numbers[0]])
    assert_equal(got, numbers, mistakes={"sorted": sorted(numbers)})


@graded(points=2)
def test_pet_table(submission):
    wrong = {"sorted": encode(PETS, sorted(COLUMNS)), "shared_row": np.ones((5, 4))}
    assert_close(submission.one_hot_encode(PETS, COLUMNS), TABLE, mistakes=wrong)


@graded(points=2, after=["pet_table"])
def test_encode(submission, rng):
    categories = unsorted(rng, WORDS)
    labels = [categories[i] for i in rng.integers(len(categories), size=9)]
    got = unchanged(submission.one_hot_encode, labels, categories)
    sums = array(got, (9, 6)).sum(axis=1)
    require(np.all(sums == 1), "row_sums", sums=sums.tolist())
    by_labels = encode(labels, list(dict.fromkeys(labels)))
    assert_close(got, encode(labels, categories), mistakes={"from_labels": by_labels})


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
    numbers = [int(n) for n in rng.permutation(np.arange(10, 60, 10))]
    assert_raises(ValueError, submission.one_hot_encode, [numbers[1], 3, numbers[0]], numbers)


@graded(points=1)
def test_decode(submission, rng):
    got = submission.one_hot_decode(TABLE, COLUMNS)
    positions = TABLE.argmax(axis=1).tolist()
    wrong = {"sorted": [sorted(COLUMNS)[i] for i in positions], "position": positions}
    assert_equal(got, PETS, mistakes=wrong)
    categories = unsorted(rng, WORDS)
    chosen = rng.integers(len(categories), size=7)
    got = unchanged(submission.one_hot_decode, np.eye(len(categories))[chosen], categories)
    wrong = {"sorted": [sorted(categories)[i] for i in chosen], "position": chosen.tolist()}
    assert_equal(got, [categories[i] for i in chosen], mistakes=wrong)


@graded(points=2, after=["decode"])
def test_decode_probabilities(submission, rng):
    categories = unsorted(rng, WORDS)[:4]
    scores = np.exp(rng.normal(size=(8, 4)))
    table = scores / scores.sum(axis=1, keepdims=True)
    table[0] = [0.1, 0.4, 0.4, 0.1]
    table[1] = [0.2, 0.2, 0.3, 0.3]
    want = [categories[i] for i in table.argmax(axis=1)]
    got = submission.one_hot_decode(table, categories)
    tie = [categories[3 - i] for i in table[:, ::-1].argmax(axis=1)]
    smallest = [categories[i] for i in table.argmin(axis=1)]
    assert_equal(got, want, mistakes={"ones_only": [], "last_of_equal": tie, "smallest": smallest})


@graded(points=1, after=["pet_table", "decode"])
def test_empty(submission):
    assert_equal(submission.find_categories([]), [])
    assert_shape(submission.one_hot_encode([], COLUMNS), (0, 4))
    assert_equal(submission.one_hot_decode(np.zeros((0, 4)), COLUMNS), [])


@graded(points=2, hidden=True, after=["categories", "encode", "decode"])
def test_round_trip(submission, rng):
    words = unsorted(rng, WORDS)[:5]
    labels = labels_from(rng, words, extra=20)
    categories = submission.find_categories(labels)
    assert_equal(categories, words)
    table = submission.one_hot_encode(labels, words)
    assert_close(table, encode(labels, words))
    assert_equal(submission.one_hot_decode(encode(labels, words), words), labels)
