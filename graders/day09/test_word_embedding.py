"""Grader of day09/word_embedding."""

import numpy as np

from course.grading import array, assert_close, assert_equal, graded, require, unchanged

WORDS = [
    "rain",
    "sun",
    "wind",
    "snow",
    "cloud",
    "storm",
    "fog",
    "ice",
    "비",
    "눈",
    "바람",
    "구름",
    "river",
    "lake",
    "sea",
    "hill",
    "rock",
    "tree",
    "leaf",
    "root",
    "bird",
    "fish",
]
PET_SENTENCES = ["The cat sat", "the dog sat down"]
PETS = {"the": 2, "cat": 3, "sat": 4, "dog": 5, "down": 6}


def number(words, first=2):
    """Ids in order of first appearance."""
    return {word: place for place, word in enumerate(dict.fromkeys(words), start=first)}


def sentence(rng, words, count):
    """Some words with capitals here and there and spaces of different width."""
    chosen = [str(word) for word in rng.choice(words, size=count)]
    dressed = [word.capitalize() if rng.random() < 0.5 else word for word in chosen]
    return "".join(word + rng.choice([" ", "  "]) for word in dressed), chosen


def encoded(words, vocabulary, length):
    ids = [vocabulary.get(word, 1) for word in words]
    return (ids + [0] * length)[:length]


def check_encode(submission, text, words, vocabulary, length):
    known = [vocabulary[word] for word in words if word in vocabulary]
    ids = [vocabulary.get(word, 1) for word in words]
    mistakes = {
        "padded_in_front": ([0] * length + ids[:length])[-length:],
        "cut_in_front": ids[-length:],
        "unknown_is_padding": encoded(
            words, vocabulary | {word: 0 for word in words if word not in vocabulary}, length
        ),
        "unknown_dropped": (known + [0] * length)[:length],
        "not_padded": ids[:length],
        "not_cut": ids,
        "padded_with_one": (ids + [1] * length)[:length],
        "capitals": encoded(text.split(), vocabulary, length),
    }
    want = encoded(words, vocabulary, length)
    mistakes = {key: value for key, value in mistakes.items() if value != want}
    got = unchanged(submission.encode, text, vocabulary, length)
    assert_equal(got, want, mistakes=mistakes)


def check_cosine(submission, u, v):
    norm_u, norm_v = np.linalg.norm(u), np.linalg.norm(v)
    mistakes = {
        "not_divided": u @ v,
        "one_norm": u @ v / norm_u,
        "squared_norms": u @ v / (norm_u * norm_v) ** 2,
        "distance": 1 - u @ v / (norm_u * norm_v),
        "euclidean": np.linalg.norm(u - v),
        "norms_added": u @ v / (norm_u + norm_v),
    }
    got = unchanged(submission.cosine_similarity, u, v)
    assert_close(got, u @ v / (norm_u * norm_v), mistakes=mistakes)


@graded(points=1)
def test_vocabulary(submission, rng):
    texts, words = [], []
    for count in (4, 7, 1, 9):
        text, chosen = sentence(rng, WORDS, count)
        texts.append(text)
        words += chosen
    raw = " ".join(texts).split()
    mistakes = {
        "from_zero": number(words, 0),
        "from_one": number(words, 1),
        "sorted": number(sorted(set(words))),
        "capitals": number(raw),
        "last_appearance": {word: place for place, word in enumerate(words, start=2)},
        "inverted": {place: word for word, place in number(words).items()},
    }
    assert_equal(unchanged(submission.build_vocabulary, texts), number(words), mistakes=mistakes)
    assert_equal(submission.build_vocabulary(PET_SENTENCES), PETS)
    assert_equal(submission.build_vocabulary([]), {})


@graded(points=2)
def test_encode(submission, rng):
    known = [str(word) for word in rng.permutation(WORDS)]
    vocabulary = number(known[:15])
    for count, length in ((4, 7), (5, 5), (8, 5)):
        text, words = sentence(rng, known[:15], count)
        check_encode(submission, text, words, vocabulary, length)
        position = int(rng.integers(1, count - 1))
        words[position] = known[-1]
        check_encode(submission, " ".join(words), words, vocabulary, length)
    check_encode(submission, "The dog ran", ["the", "dog", "ran"], PETS, 5)
    check_encode(submission, "", [], vocabulary, 3)


@graded(points=2)
def test_embed(submission, rng):
    table = rng.normal(size=(9, 4))
    for shape in ((6,), (3, 5), (1,)):
        ids = rng.integers(1, 9, size=shape)
        mistakes = {
            "one_less": table[ids - 1],
            "columns": lambda ids=ids: table.T[ids % 4],
            "summed": table[ids].sum(axis=-2),
            "averaged": table[ids].mean(axis=-2),
            "one_hot_only": np.eye(9)[ids],
        }
        assert_close(unchanged(submission.embed, ids, table), table[ids], mistakes=mistakes)
    assert_close(submission.embed(np.array([0, 8]), table), table[[0, 8]])


@graded(points=1, after=["embed"])
def test_one_hot(submission, rng):
    words, dim = int(rng.integers(6, 12)), int(rng.integers(3, 6))
    table, ids = rng.normal(size=(words, dim)), rng.integers(words, size=(2, 4))
    one_hot = array(submission.embed(ids, np.eye(words)), (2, 4, words))
    require(np.array_equal(one_hot.sum(axis=-1), np.ones((2, 4))), "not_one_hot")
    assert_close(submission.embed(ids, table), one_hot @ table)


@graded(points=2)
def test_cosine(submission, rng):
    for dim in (2, 5, 8):
        check_cosine(submission, rng.normal(size=dim) * 2, rng.normal(size=dim) * 3)
    check_cosine(submission, rng.normal(size=4) * 0.02, rng.normal(size=4) * 0.03)
    assert_close(submission.cosine_similarity(np.array([3, 4]), np.array([4, 3])), 0.96)
    u = rng.normal(size=6)
    for factor, want in ((2.5, 1), (-0.4, -1)):
        assert_close(submission.cosine_similarity(u, factor * u), want)
    assert_close(submission.cosine_similarity(np.array([0.0, 2.0]), np.array([5.0, 0.0])), 0)
    for pair in ((u, np.zeros(6)), (np.zeros(6), u), (np.zeros(6), np.zeros(6))):
        assert_close(submission.cosine_similarity(*pair), 0)


@graded(points=2, hidden=True, after=["vocabulary", "encode", "embed", "cosine"])
def test_pipeline(submission, rng):
    texts, words = zip(*(sentence(rng, WORDS, int(rng.integers(3, 12))) for _ in range(6)), strict=True)
    vocabulary = number([word for part in words for word in part])
    assert_equal(submission.build_vocabulary(list(texts)), vocabulary)
    table = rng.normal(size=(len(vocabulary) + 2, 3))
    for text, chosen in zip(texts, words, strict=True):
        ids = encoded([*chosen, "comet"], vocabulary, 8)
        assert_equal(submission.encode(text + " comet", vocabulary, 8), ids)
        vectors = array(submission.embed(np.array(ids), table), (8, 3))
        assert_close(vectors, table[ids])
        u, v = vectors[0], vectors[1] + 0.1
        assert_close(submission.cosine_similarity(u, v), u @ v / np.sqrt((u @ u) * (v @ v)))
