"""Grader of day10/recurrent_parameters."""

from course.grading import assert_equal, assert_raises, graded
from graders.reference.recurrent import (
    dense_parameters,
    gru_parameters,
    lstm_parameters,
    simple_rnn_parameters,
)

COUNTS = {"SimpleRNN": simple_rnn_parameters, "LSTM": lstm_parameters, "GRU": gru_parameters}
LECTURE_DENSE = [128, 128, 32, 1]
LECTURE_TOTALS = {"SimpleRNN": 53_825, "LSTM": 103_745, "GRU": 87_489}
SMALL = [(128, 1), (1, 3), (1, 1)]


def draw(rng):
    """Many units and few features, so that no two mistakes give the same count."""
    return int(rng.integers(31, 61)), int(rng.integers(2, 6))


def draw_dense(rng):
    """Sizes of three layers for which, after the units of `draw`, no two mistakes give the same count."""
    return [int(rng.integers(5, 9)), *(int(size) for size in rng.integers(10, 16, 2))]


def dense_total(inputs, dense):
    return sum(dense_parameters(*sizes) for sizes in zip(dense, [inputs, *dense], strict=False))


def check_model(submission, layer, units, features, dense, mistakes=None):
    want = COUNTS[layer](units, features) + dense_total(units, dense)
    assert_equal(submission.model_parameters(layer, units, features, dense), want, mistakes=mistakes)


@graded(points=2)
def test_simple_rnn(submission, rng):
    for units, features in [draw(rng), draw(rng)]:
        mistakes = {
            "no_bias": units * (features + units),
            "no_recurrent": units * (features + 1),
            "no_input": units * (units + 1),
            "one_bias": units * (features + units) + 1,
            "exchanged": features * (features + units + 1),
        }
        got = submission.simple_rnn_parameters(units, features)
        assert_equal(got, simple_rnn_parameters(units, features), mistakes=mistakes)
    for sizes in SMALL:
        assert_equal(submission.simple_rnn_parameters(*sizes), simple_rnn_parameters(*sizes))


@graded(points=1, after=["simple_rnn"])
def test_lstm(submission, rng):
    for units, features in [draw(rng), draw(rng)]:
        one = simple_rnn_parameters(units, features)
        mistakes = {"one_part": one, "three_parts": 3 * one, "shared_bias": 4 * (one - units) + units}
        got = submission.lstm_parameters(units, features)
        assert_equal(got, lstm_parameters(units, features), mistakes=mistakes)
    for sizes in SMALL:
        assert_equal(submission.lstm_parameters(*sizes), lstm_parameters(*sizes))


@graded(points=2, after=["simple_rnn"])
def test_gru(submission, rng):
    for units, features in [draw(rng), draw(rng)]:
        one = simple_rnn_parameters(units, features)
        original, reset_after = 3 * one, 3 * (one + units)
        mistakes = {
            "one_bias": original,
            "second_bias_once": original + units,
            "one_part": one,
            "two_parts": 2 * (one + units),
            "four_parts": 4 * (one + units),
        }
        assert_equal(submission.gru_parameters(units, features), reset_after, mistakes=mistakes)
        assert_equal(submission.gru_parameters(units, features, True), reset_after, mistakes=mistakes)
        got = submission.gru_parameters(units, features, False)
        assert_equal(got, original, mistakes={"ignored": reset_after, "four_parts": 4 * one})
    for sizes in SMALL:
        assert_equal(submission.gru_parameters(*sizes), gru_parameters(*sizes))
        for reset_after in (True, False):
            got = submission.gru_parameters(*sizes, reset_after)
            assert_equal(got, gru_parameters(*sizes, reset_after))


@graded(points=2, after=["lstm", "gru"])
def test_lecture_models(submission, rng):
    for layer, count in COUNTS.items():
        (units, features), dense = draw(rng), draw_dense(rng)
        recurrent, total = count(units, features), dense_total(units, dense)
        mistakes = {
            "recurrent_only": recurrent,
            "dense_only": total,
            "dense_no_bias": recurrent + total - sum(dense),
            "dense_on_features": recurrent + dense_total(features, dense),
            "dense_on_units": recurrent + sum(dense_parameters(size, units) for size in dense),
        }
        if layer == "GRU":
            mistakes["gru_one_bias"] = recurrent - 3 * units + total
        check_model(submission, layer, units, features, dense, mistakes)
    for layer, total in LECTURE_TOTALS.items():
        assert_equal(submission.model_parameters(layer, 128, 1, LECTURE_DENSE), total)


@graded(points=2, after=["lecture_models"])
def test_models(submission, rng):
    for layer in COUNTS:
        units, features = draw(rng)
        for dense in ([], [7], [5, 5, 5], [int(size) for size in rng.integers(2, 30, 4)]):
            check_model(submission, layer, units, features, dense)
        check_model(submission, layer, 1, features, [3, 1])
    for other in ("Dense", "lstm", "GRUCell"):
        assert_raises(ValueError, submission.model_parameters, other, *draw(rng), [1])


@graded(points=1, after=["models"], hidden=True)
def test_more_sizes(submission, rng):
    for layer in COUNTS:
        units, features = (int(size) for size in rng.integers(40, 900, 2))
        check_model(submission, layer, units, features, [int(size) for size in rng.integers(1, 300, 6)])
