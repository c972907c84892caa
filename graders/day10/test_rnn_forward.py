"""Grader of day10/rnn_forward."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require
from graders.reference.recurrent import simple_rnn, simple_rnn_step

# The prompt's example; the states are what Keras' SimpleRNN(2) returns for these weights.
EXAMPLE = np.array([[0.5, -1.0]]), np.array([[0.2, 0.6], [-0.4, 0.8]]), np.array([0.1, -0.2])
EXAMPLE_XS = np.array([[1.0], [0.0], [-1.0]])
EXAMPLE_STATES = np.array([[0.53704957, -0.83365461], [0.49364757, -0.49653288], [-0.10229823, 0.60370866]])


def draw(rng, units, features):
    """W_x, W_h and b of a size that leaves tanh unsaturated and every mistake visible."""
    W_x = rng.normal(scale=0.6 * features**-0.5, size=(features, units))
    W_h = rng.normal(scale=0.9 * units**-0.5, size=(units, units))
    return np.round(W_x, 2), np.round(W_h, 2), away(rng, units, 0.2, 0.6)


def away(rng, count, low, high):
    """Numbers away from 0, so that it shows where they are forgotten."""
    return np.round(rng.choice([-1, 1], count) * rng.uniform(low, high, count), 2)


def normal(rng, *shape):
    """Inputs of two decimals, so that a message can be read."""
    return np.round(rng.normal(size=shape), 2)


def all_forms(rng, inputs, units, features):
    """Inputs of these shapes and the weights, in every form of float arrays."""
    shapes = *inputs, (features, units), (units, units), (units,)
    return forms(rng, *shapes, low=-0.9, high=0.9)


def without_state(xs, weights):
    """Every step from h = 0."""
    W_x, _, b = weights
    return np.tanh(xs @ W_x + b)


def carried_over(batch, W_x, W_h, b):
    """States of a batch whose samples start where the sample before ended."""
    samples, timesteps, features = batch.shape
    return simple_rnn(batch.reshape(-1, features), W_x, W_h, b).reshape(samples, timesteps, -1)


@graded(points=2)
def test_step(submission, rng):
    for units, features in [(4, 3), (2, 5), (3, 1)]:
        W_x, W_h, b = draw(rng, units, features)
        h, x = away(rng, units, 0.3, 0.9), away(rng, features, 0.3, 1.5)
        z = x @ W_x + h @ W_h + b
        mistakes = {
            "no_bias": np.tanh(z - b),
            "no_tanh": z,
            "sigmoid": 1 / (1 + np.exp(-z)),
            "transposed": np.tanh(x @ W_x + W_h @ h + b),
            "no_state": np.tanh(x @ W_x + b),
            "no_input": np.tanh(h @ W_h + b),
        }
        got = submission.rnn_step(h, x, W_x, W_h, b)
        assert_close(got, simple_rnn_step(h, x, W_x, W_h, b), mistakes=mistakes)
    for units, features in [(3, 2), (1, 4)]:
        for arguments in all_forms(rng, [(units,), (features,)], units, features):
            assert_close(submission.rnn_step(*arguments), simple_rnn_step(*arguments))


@graded(points=2, after=["step"])
def test_sequence(submission, rng):
    weights = draw(rng, 4, 3)
    xs = normal(rng, 6, 3)
    want = simple_rnn(xs, *weights)
    mistakes = {
        "restart": without_state(xs, weights),
        "backwards": simple_rnn(xs[::-1], *weights),
        "same_rows": np.tile(want[-1], (6, 1)),
        "last_only": want[-1],
        "start_included": np.vstack([np.zeros(4), want]),
    }
    assert_close(submission.rnn_sequence(xs, *weights), want, mistakes=mistakes)
    assert_close(submission.rnn_sequence(EXAMPLE_XS, *EXAMPLE), EXAMPLE_STATES)
    for timesteps, units, features in [(4, 3, 2), (1, 2, 3), (3, 1, 1)]:
        for arguments in all_forms(rng, [(timesteps, features)], units, features):
            assert_close(submission.rnn_sequence(*arguments), simple_rnn(*arguments))


@graded(points=1, after=["step"])
def test_memory(submission, rng):
    weights = draw(rng, 3, 2)
    xs = normal(rng, 5, 2)
    before = array(submission.rnn_sequence(xs, *weights), (5, 3))
    other = xs.copy()
    other[-1] += 1.0
    after = array(submission.rnn_sequence(other, *weights), (5, 3))
    require(np.allclose(before[:-1], after[:-1], atol=1e-6), "future")
    other = xs.copy()
    other[0] += 1.0
    after = array(submission.rnn_sequence(other, *weights), (5, 3))
    for step in range(5):
        require(np.max(np.abs(before[step] - after[step])) > 1e-9, "forgotten", step=step + 1)


@graded(points=2, after=["sequence"])
def test_layer(submission, rng):
    weights = draw(rng, 5, 2)
    batch = normal(rng, 4, 3, 2)
    states = simple_rnn(batch, *weights)
    carried = carried_over(batch, *weights)
    mistakes = {
        "carried": carried[:, -1],
        "first": states[:, 0],
        "averaged": states.mean(axis=1),
        "last_sample": states[-1],
        "all_steps": states,
    }
    assert_close(submission.rnn_layer(batch, *weights), states[:, -1], mistakes=mistakes)
    assert_close(submission.rnn_layer(batch, *weights, False), states[:, -1], mistakes=mistakes)
    mistakes = {"carried": carried, "last_step": states[:, -1]}
    assert_close(submission.rnn_layer(batch, *weights, True), states, mistakes=mistakes)
    for return_sequences in (False, True):
        for arguments in all_forms(rng, [(3, 4, 2)], 3, 2):
            want = simple_rnn(*arguments)
            got = submission.rnn_layer(*arguments, return_sequences)
            assert_close(got, want if return_sequences else want[:, -1])


@graded(points=1, after=["layer"])
def test_lecture(submission, rng):
    windows = np.lib.stride_tricks.sliding_window_view(np.arange(1.0, 10.0), 3)[:, :, None]
    weights = draw(rng, 128, 1)
    assert_close(submission.rnn_layer(windows, *weights), simple_rnn(windows, *weights)[:, -1])


@graded(points=2, after=["layer"], hidden=True)
def test_keras(submission, rng):
    for samples, timesteps, units, features in [(3, 8, 6, 4), (1, 1, 2, 5), (5, 2, 1, 3)]:
        weights = draw(rng, units, features)
        batch = normal(rng, samples, timesteps, features)
        states = simple_rnn(batch, *weights)
        assert_close(submission.rnn_layer(batch, *weights, True), states)
        assert_close(submission.rnn_layer(batch, *weights), states[:, -1])
