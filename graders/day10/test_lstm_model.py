"""Grader of day10/lstm_model."""

import numpy as np

from course.grading import array, assert_close, graded, require
from course.reference.recurrent import random_weights, recurrent_model

LAYER = "LSTM"
DENSE_SHAPES = [(128, 128), (128,), (128, 128), (128,), (128, 32), (32,), (32, 1), (1,)]
SHAPES = [(1, 512), (128, 512), (512,), *DENSE_SHAPES]
RECURRENT, TOTAL = 66_560, 103_745
INPUTS = ((None, 3, 1), (None, None, 1), None)  # None: a subclassed model does not say
PASSIVE = {"Activation", "ReLU", "Reshape", "Flatten"}  # without weights; the formula tells what they do

NUMBERS = np.arange(1.0, 11.0)
WINDOWS = np.stack([NUMBERS[start : start + 3] for start in range(7)])[:, :, None]  # (7, 3, 1)
TARGETS = NUMBERS[3:, None]  # (7, 1)
STEPS = 300 * 7  # the lecture's 300 epochs of 7 windows, one at a time
RATES = (0.0005, 0.002)
# The prediction after 8, 9, 10 from 245 random starts, trained as here: minimum 9.72, 1% 10.19, median 10.95,
# 99% 11.34, maximum 11.51.
# Tails fitted to the outer 5 to 15 %: exponential, at most 5·10⁻⁶ of correct models below 8 and 10⁻¹² above 14;
# generalised Pareto, the pessimistic choice, 0.4 to 1.1·10⁻³ (all three models' 736 starts together 6·10⁻⁴):
# far fewer than one in 1,000 by the first, about that at the very worst by the second. Untrained models lie
# between -0.4 and 0.5; one that predicts the targets' mean says 7. A linear model would say 11, but it does not
# compute the formula with random weights.
# At the ends of RATES, five to eight starts each, the prediction lay between 10.1 and 11.3.
NEAR_11 = (8.0, 14.0)


def forward(x, weights, **changed):
    """What the model must compute: x (batch, 3, 1) to (batch, 1)."""
    return recurrent_model("lstm", x, weights, **changed)


def with_random_weights(submission, rng):
    """A learner's model with weights of the grader's, and these weights."""
    model, weights = submission.build_model(), random_weights(rng, SHAPES)
    model.set_weights(weights)
    return model, weights


@graded(points=2)
def test_layers(submission):
    model = submission.build_model()
    require(model.parameters is not None, "unbuilt")
    require(model.input_shape in INPUTS, "input", shape=model.input_shape)
    weighted = [layer for layer in model.layers if layer.parameters]
    kinds = [layer.kind for layer in weighted]
    require(kinds and kinds[0] in (LAYER, "RNN"), "recurrent", kinds=", ".join(kinds))
    require(kinds[1:] == ["Dense"] * 4, "dense", kinds=", ".join(kinds))
    for layer in model.layers:
        require(layer.parameters or layer.kind in PASSIVE, "extra", kind=layer.kind)
        require(layer.trainable, "frozen", name=layer.name)
    activation = weighted[0].config.get("activation", "tanh")
    require(activation == "tanh", "activation", activation=activation)


@graded(points=1, after=["layers"])
def test_parameters(submission):
    model = submission.build_model()
    recurrent, *dense = [layer.parameters for layer in model.layers if layer.parameters]
    require(recurrent == RECURRENT, "recurrent", got=recurrent)
    require(dense == [16512, 16512, 4128, 33], "dense", got=dense)
    require(model.parameters == TOTAL, "total", got=model.parameters)
    require([weight.shape for weight in model.get_weights()] == SHAPES, "order")


@graded(points=2, after=["parameters"])
def test_formula(submission, rng):
    model, weights = with_random_weights(submission, rng)
    for batch in (1, 6):
        x = rng.normal(size=(batch, 3, 1))
        weights[-1] -= np.median(forward(x, weights)) + 0.01  # outputs of both signs: a relu on them shows
        model.set_weights(weights)
        got = model.predict(x)
        require(np.ndim(got) < 3, "sequences")
        mistakes = {
            "no_relu": forward(x, weights, activations=("linear",) * 4),
            "one_relu_missing": forward(x, weights, activations=("relu", "relu", "linear", "linear")),
            "relu_at_the_end": forward(x, weights, activations=("relu",) * 4),
            "tanh": forward(x, weights, activations=("tanh", "tanh", "tanh", "linear")),
        }
        assert_close(got, forward(x, weights), rtol=1e-3, atol=1e-4, mistakes=mistakes)


@graded(points=1, after=["layers"])
def test_compiled(submission):
    settings = submission.build_model().compiled
    require(settings is not None, "missing")
    require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
    require(settings.loss == "mse", "loss", got=str(settings.loss))
    low, high = RATES
    require(low * 0.999 <= settings.learning_rate <= high * 1.001, "rate", got=settings.learning_rate)


@graded(points=2, after=["formula"])
def test_predict_next(submission, rng):
    model, weights = with_random_weights(submission, rng)
    for kind in (list, tuple, np.array):
        numbers = rng.normal(size=3)
        got = submission.predict_next(model, kind(numbers))
        require(np.ndim(got) == 0, "one_number", shape=np.shape(got))
        mistakes = {
            "reversed": forward(numbers[::-1].reshape(1, 3, 1), weights).item(),
            "one_step_each": forward(numbers[:1].reshape(1, 1, 1), weights).item(),
            "always_the_same": forward(np.array([8, 9, 10]).reshape(1, 3, 1), weights).item(),
            "other_model": lambda: got if submission.predict_next(model, kind(numbers)) != got else np.nan,  # noqa: B023
        }
        want = forward(numbers.reshape(1, 3, 1), weights).item()
        assert_close(got, want, rtol=1e-3, atol=1e-4, mistakes=mistakes)


@graded(points=2, after=["parameters"])
def test_forget_bias(submission, rng):
    model, weights = with_random_weights(submission, rng)
    bias = weights[2].astype(float)
    mistakes = {
        "input_gate": bias[:128],
        "candidate": bias[256:384],
        "output_gate": bias[384:],
        "whole": bias,
        "interleaved": bias[1::4],
        "always_one": np.ones(128),
    }
    assert_close(submission.forget_bias(model), bias[128:256], mistakes=mistakes)
    fresh = submission.forget_bias(submission.build_model())
    assert_close(fresh, np.ones(128), mistakes={"not_one": np.zeros(128)})


@graded(points=3, after=["compiled", "predict_next"])
def test_trained(submission, rng):
    model = submission.build_model()
    untrained = array(submission.predict_next(model, [8, 9, 10]), ())
    model.train_steps(WINDOWS, TARGETS, STEPS, seed=int(rng.integers(2**31)))
    got = submission.predict_next(model, [8, 9, 10])
    prediction = array(got, ())
    require(abs(prediction - untrained) > 1e-6, "unchanged")
    want = forward(np.array([8, 9, 10]).reshape(1, 3, 1), model.get_weights()).item()
    assert_close(got, want, rtol=1e-3, atol=1e-2)
    low, high = NEAR_11
    require(low < prediction < high, "far", got=float(prediction), low=low, high=high)


@graded(points=1, after=["predict_next"], hidden=True)
def test_other_windows(submission, rng):
    model, weights = with_random_weights(submission, rng)
    for _ in range(3):
        window = rng.integers(-3, 4, size=3)
        want = forward(window.reshape(1, 3, 1), weights).item()
        assert_close(submission.predict_next(model, window.tolist()), want, rtol=1e-3, atol=1e-4)
