"""Grader of day10/recurrent_parameters."""

from course.grading import assert_equal, assert_raises, graded, unchanged
from course.reference.recurrent import (
    dense_parameters,
    gru_parameters,
    lstm_parameters,
    simple_rnn_parameters,
)

COUNTS = {"SimpleRNN": simple_rnn_parameters, "LSTM": lstm_parameters, "GRU": gru_parameters}
LECTURE_DENSE = [128, 128, 32, 1]
LECTURE_TOTALS = {"SimpleRNN": 53_825, "LSTM": 103_745, "GRU": 87_489}


def draw(rng):
    """Units and features that differ, so that exchanging them shows."""
    units, features = rng.choice(range(2, 40), 2, replace=False)
    return int(units), int(features)


def model_parameters(layer, units, features, dense):
    sizes = zip(dense, [units, *dense], strict=False)
    return COUNTS[layer](units, features) + sum(dense_parameters(*pair) for pair in sizes)


def check_model(submission, layer, units, features, dense):
    got = unchanged(submission.model_parameters, layer, units, features, dense)
    assert_equal(got, model_parameters(layer, units, features, dense))


@graded(points=2)
def test_simple_rnn(submission, rng):
    for units, features in [draw(rng), draw(rng), (128, 1), (1, 1)]:
        mistakes = {
            "no_bias": units * (features + units),
            "no_recurrent": units * (features + 1),
            "no_input": units * (units + 1),
            "one_bias": units * (features + units) + 1,
            "exchanged": features * (features + units + 1),
        }
        got = submission.simple_rnn_parameters(units, features)
        assert_equal(got, simple_rnn_parameters(units, features), mistakes=mistakes)


@graded(points=1, after=["simple_rnn"])
def test_lstm(submission, rng):
    for units, features in [draw(rng), draw(rng), (128, 1)]:
        one = simple_rnn_parameters(units, features)
        mistakes = {"one_part": one, "three_parts": 3 * one, "shared_bias": 4 * (one - units) + units}
        got = submission.lstm_parameters(units, features)
        assert_equal(got, lstm_parameters(units, features), mistakes=mistakes)


@graded(points=2, after=["simple_rnn"])
def test_gru(submission, rng):
    for units, features in [draw(rng), draw(rng), (128, 1)]:
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


@graded(points=2, after=["lstm", "gru"])
def test_lecture_models(submission):
    for layer, total in LECTURE_TOTALS.items():
        recurrent = COUNTS[layer](128, 1)
        on_features = zip(LECTURE_DENSE, [1, *LECTURE_DENSE], strict=False)
        mistakes = {
            "recurrent_only": recurrent,
            "dense_only": total - recurrent,
            "dense_no_bias": total - sum(LECTURE_DENSE),
            "dense_on_features": recurrent + sum(dense_parameters(*sizes) for sizes in on_features),
            "dense_on_units": recurrent + sum(dense_parameters(size, 128) for size in LECTURE_DENSE),
        }
        if layer == "GRU":
            mistakes["gru_one_bias"] = total - 3 * 128
        assert_equal(submission.model_parameters(layer, 128, 1, LECTURE_DENSE), total, mistakes=mistakes)


@graded(points=2, after=["lecture_models"])
def test_models(submission, rng):
    for layer in COUNTS:
        dense = [int(size) for size in rng.integers(2, 30, int(rng.integers(1, 5)))]
        check_model(submission, layer, *draw(rng), dense)
    units, features = draw(rng)
    assert_equal(submission.model_parameters("LSTM", units, features, []), lstm_parameters(units, features))
    assert_raises(ValueError, submission.model_parameters, "Dense", units, features, [1])


@graded(points=1, after=["models"], hidden=True)
def test_more_sizes(submission, rng):
    for layer in COUNTS:
        units, features = (int(size) for size in rng.integers(40, 900, 2))
        check_model(submission, layer, units, features, [int(size) for size in rng.integers(1, 300, 6)])
