"""Grader of day08/output_heads."""

import numpy as np

from course.grading import Model, assert_close, assert_equal, fail, graded, require, unpack
from course.reference.recurrent import relu, sigmoid

HIDDEN = 8


def linear(z):
    return z


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def mse(y, p):
    return np.mean((y - p) ** 2)


def binary_cross_entropy(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def categorical_cross_entropy(y, p):
    return -np.mean(np.sum(y * np.log(p), axis=1))


def a_model(got):
    """The learner's model; None and other things fail with a message of their own."""
    return got if isinstance(got, Model) else unpack(got, "model")[0]


def load(model, rng, features, units):
    """Random weights, loaded into the model; small enough that no probability comes near 0 or 1."""
    weights = [
        rng.normal(size=(features, HIDDEN)) * 0.6,
        rng.uniform(0.2, 0.6, size=HIDDEN),
        rng.normal(size=(HIDDEN, units)) * 0.6,
        rng.uniform(-0.3, 0.3, size=units),
    ]
    model.set_weights(weights)
    return weights


def outputs(x, weights, head, hidden=relu):
    return head(hidden(x @ weights[0] + weights[1]) @ weights[2] + weights[3])


def check_head(model, rng, features, units, head, mistakes):
    """The layers by their weights' shapes, the activations by the outputs for random weights."""
    shapes = [weight.shape for weight in a_model(model).get_weights()]
    require(shapes, "unbuilt")
    require(shapes[-1] == (units,), "units", got=shapes[-1][-1], units=units)
    want = [(features, HIDDEN), (HIDDEN,), (HIDDEN, units), (units,)]
    require(shapes == want, "hidden_layer", shapes=", ".join(map(str, shapes)))
    weights, x = load(model, rng, features, units), rng.normal(size=(12, features))
    wrong = {key: outputs(x, weights, f) for key, f in mistakes.items()}
    wrong["hidden_linear"] = outputs(x, weights, head, hidden=linear)
    assert_close(model.predict(x), outputs(x, weights, head), rtol=1e-4, mistakes=wrong)


def check_compiled(model, loss):
    settings = a_model(model).compiled
    if settings is None:
        fail("not_compiled")
    require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
    require(settings.loss == loss, "loss", got=settings.loss)
    return settings


def check_accuracy(settings):
    names = ", ".join(map(str, settings.metrics))
    require("acc" in names, "no_accuracy", got=names or "-")


def first_loss(model, weights, x, y):
    """The loss of one training step on all rows: computed before the step, so from these very weights."""
    model.set_weights(weights)
    return model.train_steps(x, y, 1, len(x))[0]


@graded(points=1)
def test_regression_head(submission, rng):
    mistakes = {"sigmoid": sigmoid, "relu": relu, "softmax": softmax}
    check_head(submission.regression_model(5), rng, 5, 1, linear, mistakes)


@graded(points=1)
def test_regression_compiled(submission):
    check_compiled(submission.regression_model(5), "mse")


@graded(points=1)
def test_binary_head(submission, rng):
    mistakes = {"linear": linear, "softmax": softmax, "relu": relu}
    check_head(submission.binary_model(6), rng, 6, 1, sigmoid, mistakes)


@graded(points=1)
def test_binary_compiled(submission):
    check_accuracy(check_compiled(submission.binary_model(6), "binary_crossentropy"))


@graded(points=1)
def test_one_hot_head(submission, rng):
    check_head(submission.one_hot_model(4, 3), rng, 4, 3, softmax, {"linear": linear, "sigmoid": sigmoid})


@graded(points=1)
def test_one_hot_compiled(submission):
    check_accuracy(check_compiled(submission.one_hot_model(4, 3), "categorical_crossentropy"))


@graded(points=1)
def test_integer_head(submission, rng):
    check_head(submission.integer_model(4, 3), rng, 4, 3, softmax, {"linear": linear, "sigmoid": sigmoid})


@graded(points=1)
def test_integer_compiled(submission):
    check_accuracy(check_compiled(submission.integer_model(4, 3), "sparse_categorical_crossentropy"))


@graded(points=2, after=["regression_head", "regression_compiled", "binary_head", "binary_compiled"])
def test_one_output(submission, rng):
    features = int(rng.integers(3, 7))
    x = rng.normal(size=(20, features))
    model = submission.regression_model(features)
    weights, y = load(model, rng, features, 1), rng.normal(size=(20, 1)) * 3
    want = mse(y, outputs(x, weights, linear))
    assert_close(first_loss(model, weights, x, y), want, rtol=1e-3, mistakes={"summed": 20 * want})
    model = submission.binary_model(features)
    weights, y = load(model, rng, features, 1), rng.integers(0, 2, size=(20, 1)).astype(float)
    want = binary_cross_entropy(y, outputs(x, weights, sigmoid))
    assert_close(first_loss(model, weights, x, y), want, rtol=1e-3, mistakes={"summed": 20 * want})


@graded(points=2, after=["one_hot_head", "one_hot_compiled", "integer_head", "integer_compiled"], hidden=True)
def test_classes(submission, rng):
    features, classes = int(rng.integers(3, 7)), int(rng.integers(4, 8))
    x, labels = rng.normal(size=(20, features)), rng.integers(0, classes, size=20)
    rows = np.eye(classes)[labels]
    for name, y in (("one_hot_model", rows), ("integer_model", labels)):
        model = getattr(submission, name)(features, classes)
        assert_equal(model.get_weights()[-1].shape, (classes,))
        weights = load(model, rng, features, classes)
        p = outputs(x, weights, softmax)
        assert_close(model.predict(x), p, rtol=1e-4)
        want = categorical_cross_entropy(rows, p)
        assert_close(first_loss(model, weights, x, y), want, rtol=1e-3, mistakes={"summed": 20 * want})
