"""Grader of day09/word_embedding."""

from itertools import chain

import numpy as np

from course.grading import array, assert_close, assert_equal, forms, graded, require

# Punctuation belongs to its word: "leaf." is another word than "leaf".
WORDS = ["rain", "sun", "wind", "snow", "cloud", "storm", "fog", "ice", "river", "lake", "sea", "hill"]
WORDS += ["rock", "tree", "leaf", "root", "bird", "don't", "sun-dried", "leaf.", "비", "눈", "바람", "구름"]
SPACES = [" ", "  ", "\t", "\n", " \r\n"]
PET_SENTENCES = ["The cat sat", "the dog sat down"]
PETS = {"the": 2, "cat": 3, "sat": 4, "dog": 5, "down": 6}


def number(words, first=2):
    """Ids in order of first appearance."""
    return {word: place for place, word in enumerate(dict.fromkeys(words), start=first)}


def drawn(rng, words, count):
    """Some words, each at most once."""
    return [str(word) for word in rng.permutation(words)[:count]]


def dressed(rng, words):
    """A sentence of these words: two of three with capitals, whitespace of every kind in front, between and behind."""
    capitals = rng.permutation(np.resize([str.capitalize, str.upper, str.lower], len(words)))
    spaces = rng.permutation(np.resize(SPACES, len(words)))
    parts = zip(capitals, words, spaces, strict=True)
    return "\t" + "".join(make(word) + space for make, word, space in parts)


def encoded(words, vocabulary, length, unknown=1):
    ids = [vocabulary.get(word, unknown) for word in words]
    return (ids + [0] * length)[:length]


def check_encode(submission, text, words, vocabulary, length):
    """The sentence holds an unknown word in front of known ones, and capitals."""
    ids = [vocabulary.get(word, 1) for word in words]
    known = [vocabulary[word] for word in words if word in vocabulary]
    short, long = len(ids) < length, len(ids) > length
    mistakes = {
        "padded_in_front": [0] * (length - len(ids)) + ids if short else np.nan,
        "not_padded": ids if short else np.nan,
        "padded_with_one": (ids + [1] * length)[:length] if short else np.nan,
        "cut_in_front": ids[-length:] if long else np.nan,
        "not_cut": ids if long else np.nan,
        "unknown_is_padding": encoded(words, vocabulary, length, unknown=0),
        "unknown_dropped": (known + [0] * length)[:length],
        "capitals": encoded(text.split(), vocabulary, length),
    }
    assert_equal(
        submission.encode(text, vocabulary, length), encoded(words, vocabulary, length), mistakes=mistakes
    )


def cosine(u, v):
    norms = np.linalg.norm(u) * np.linalg.norm(v)
    return u @ v / norms if norms > 0 else 0.0


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
    assert_close(submission.cosine_similarity(u, v), cosine(u, v), mistakes=mistakes)


@graded(points=1)
def test_vocabulary(submission, rng):
    chosen = drawn(rng, WORDS, 14)
    lists = [chosen[:5], chosen[3:9], chosen[:1], chosen[6:]]
    words, texts = list(chain(*lists)), [dressed(rng, part) for part in lists]
    mistakes = {
        "from_zero": number(words, 0),
        "from_one": number(words, 1),
        "sorted": number(sorted(set(words))),
        "capitals": number(" ".join(texts).split()),
        "last_appearance": {word: place for place, word in enumerate(words, start=2)},
        "inverted": {place: word for word, place in number(words).items()},
    }
    assert_equal(submission.build_vocabulary(texts), number(words), mistakes=mistakes)
    assert_equal(submission.build_vocabulary(PET_SENTENCES), PETS)
    for _ in range(2):
        one, other = (drawn(rng, WORDS, 3) for _ in range(2))
        for lists in ([one], [one, one], [one, other, one], [one, [], other]):
            texts = [" ".join(part) for part in lists]
            assert_equal(submission.build_vocabulary(texts), number(list(chain(*lists))))
    assert_equal(submission.build_vocabulary([]), {})
    assert_equal(submission.build_vocabulary([" \n"]), {})


@graded(points=2)
def test_encode(submission, rng):
    *words, unknown = drawn(rng, WORDS, 20)
    vocabulary = number(words)
    for length in (14, 9, 5):
        chosen = drawn(rng, words, 9)
        chosen[rng.integers(1, 4)] = unknown
        check_encode(submission, dressed(rng, chosen), chosen, vocabulary, length)
    for count, length in ((3, 1), (1, 1), (2, 6), (4, 4), (7, 3), (0, 3)):
        chosen = drawn(rng, [*words, unknown], count)
        got = submission.encode(dressed(rng, chosen), vocabulary, length)
        assert_equal(got, encoded(chosen, vocabulary, length))
    assert_equal(submission.encode("The dog ran", PETS, 5), [2, 5, 1, 0, 0])
    assert_equal(submission.encode("", vocabulary, 3), [0, 0, 0])


@graded(points=2)
def test_embed(submission, rng):
    table = rng.normal(size=(9, 4))
    for shape in ((6,), (3, 5)):
        ids = rng.integers(1, 9, size=shape)
        mistakes = {
            "one_less": table[ids - 1],
            "columns": table.T[ids % 4],
            "summed": table[ids].sum(axis=-2),
            "averaged": table[ids].mean(axis=-2),
            "one_hot_only": np.eye(9)[ids],
        }
        assert_close(submission.embed(ids, table), table[ids], mistakes=mistakes)
    assert_close(submission.embed(np.array([0, 8]), table), table[[0, 8]])
    for words, dim, shape in ((7, 3, (2, 4)), (1, 4, (3,)), (5, 1, (4, 1)), (4, 2, (1,)), (6, 2, (1, 2, 3))):
        for (table,) in forms(rng, (words, dim)):
            ids = rng.integers(words, size=shape)
            assert_close(submission.embed(ids, table), table[ids])


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
    check_cosine(submission, rng.uniform(0.02, 0.04, size=4), rng.uniform(0.03, 0.06, size=4))
    assert_close(submission.cosine_similarity(np.array([3, 4]), np.array([4, 3])), 0.96)
    for dim in (6, 1):
        for u, v in forms(rng, (dim,), (dim,)):
            assert_close(submission.cosine_similarity(u, v), cosine(u, v))
    u = rng.normal(size=6)
    for factor, want in ((2.5, 1), (-0.4, -1)):
        assert_close(submission.cosine_similarity(u, factor * u), want)
    assert_close(submission.cosine_similarity(np.array([0.0, 2.0]), np.array([5.0, 0.0])), 0)
    for pair in ((u, np.zeros(6)), (np.zeros(6), u), (np.zeros(6), np.zeros(6))):
        assert_close(submission.cosine_similarity(*pair), 0)


@graded(points=2, hidden=True, after=["vocabulary", "encode", "embed", "cosine"])
def test_pipeline(submission, rng):
    lists = [drawn(rng, WORDS, int(rng.integers(3, 12))) for _ in range(6)]
    texts, vocabulary = [dressed(rng, part) for part in lists], number(list(chain(*lists)))
    assert_equal(submission.build_vocabulary(texts), vocabulary)
    table = rng.normal(size=(len(vocabulary) + 2, 3))
    for text, chosen in zip(texts, lists, strict=True):
        ids = encoded([*chosen, "comet"], vocabulary, 8)
        assert_equal(submission.encode(text + " comet", vocabulary, 8), ids)
        vectors = array(submission.embed(np.array(ids), table), (8, 3))
        assert_close(vectors, table[ids])
        u, v = vectors[0], vectors[1] + 0.1
        assert_close(submission.cosine_similarity(u, v), u @ v / np.sqrt((u @ u) * (v @ v)))
