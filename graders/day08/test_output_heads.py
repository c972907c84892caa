"""Grader of day08/output_heads."""

import numpy as np

from course.grading import assert_close, fail, graded, model, require
from graders.reference.recurrent import relu, sigmoid

HIDDEN = 8
LOSS_CLASSES = {
    "mse": "MeanSquaredError",
    "binary_crossentropy": "BinaryCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
}


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


def random_weights(rng, features, units):
    """Small enough that no probability comes near 0 or 1."""
    return [
        rng.normal(size=(features, HIDDEN)) * 0.6,
        rng.uniform(0.2, 0.6, size=HIDDEN),
        rng.normal(size=(HIDDEN, units)) * 0.6,
        rng.uniform(-0.3, 0.3, size=units),
    ]


def load(built, weights):
    """Set the weights, whatever the order in which the model keeps them: neither `features` nor `units` is 8."""
    by_shape = {weight.shape: weight for weight in weights}
    built.set_weights([by_shape[weight.shape] for weight in built.get_weights()])


def outputs(x, weights, head, hidden=relu):
    return head(hidden(x @ weights[0] + weights[1]) @ weights[2] + weights[3])


def check_shapes(built, features, units):
    """A hidden layer of 8 and the output layer, by their weights."""
    shapes = [weight.shape for weight in built.get_weights()]
    require(shapes, "unbuilt")
    if sorted(shapes) == sorted([(features, HIDDEN), (HIDDEN,), (HIDDEN, units), (units,)]):
        return
    kernels = [shape for shape in shapes if len(shape) == 2]
    before = [inputs for inputs, width in kernels if width == HIDDEN]
    after = [width for inputs, width in kernels if inputs == HIDDEN]
    if len(kernels) == 2 and len(before) == len(after) == 1:
        require(after == [units], "units", got=after[0], units=units)
        require(before == [features], "features", got=before[0], features=features)
    again = built.kind != "Sequential" and (features, units) in kernels
    require(not again, "inputs_again", shape=(features, units))
    fail("hidden_layer", shapes=", ".join(map(str, shapes)))


def check_head(build, rng, head, mistakes, drawn=(), smallest=()):
    """The layers by their weights' shapes, the activations by the outputs for random weights.

    With several inputs and the classes `drawn`, then with one and the `smallest`; none where the output is one number.
    """
    for features, classes in ((int(rng.integers(2, HIDDEN)), drawn), (1, smallest)):
        units = classes[0] if classes else 1
        built = model(build(features, *classes))
        check_shapes(built, features, units)
        weights, x = random_weights(rng, features, units), rng.normal(size=(12, features))
        weights[3] -= np.median(outputs(x, weights, linear), axis=0)  # outputs of both signs: a relu shows
        load(built, weights)
        wrong = {key: outputs(x, weights, f) for key, f in mistakes.items()}
        wrong["hidden_linear"] = outputs(x, weights, head, hidden=linear)
        assert_close(built.predict(x), outputs(x, weights, head), rtol=1e-4, mistakes=wrong)
        fresh, mine = model(build(features, *classes)).get_weights(), built.get_weights()
        require(not any(np.array_equal(new, old) for new, old in zip(fresh, mine)), "same")
        for weight in fresh:
            require(weight.ndim < 2 or np.ptp(weight) > 0, "all_equal", shape=weight.shape)


def check_compiled(settings, loss):
    """The optimizer and the loss; returns the metrics."""
    require(settings is not None, "not_compiled")
    require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
    got = str(settings.loss)
    require(got != LOSS_CLASSES[loss], "loss_settings", got=got)
    require(got == loss, "loss", got=got)
    return settings.metrics


def check_classifier(built, loss, metric):
    """Optimizer, loss, and an accuracy that fits the loss."""
    settings = model(built).compiled
    logits = settings is not None and str(settings.loss).startswith(f"{loss} (from_logits")
    require(not logits, "from_logits")
    metrics = check_compiled(settings, loss)
    if not {"accuracy", metric} & set(metrics):
        require("Accuracy" not in metrics, "exact_accuracy")
        fail("no_accuracy", got=", ".join(metrics) or "-")


def check_loss(built, weights, x, y, want):
    """The loss of one training step on all rows, computed before the step, so from these very weights; it moves all of them."""
    load(built, weights)
    before = built.get_weights()
    assert_close(built.train_steps(x, y, 1, len(x))[0], want, rtol=1e-3)
    still = [old.shape for old, new in zip(before, built.get_weights()) if np.array_equal(old, new)]
    require(not still, "frozen", shapes=", ".join(map(str, still)))


@graded(points=1)
def test_regression_head(submission, rng):
    mistakes = {"sigmoid": sigmoid, "relu": relu, "softmax": softmax}
    check_head(submission.regression_model, rng, linear, mistakes)


@graded(points=1)
def test_regression_compiled(submission):
    check_compiled(model(submission.regression_model(5)).compiled, "mse")


@graded(points=1)
def test_binary_head(submission, rng):
    mistakes = {"linear": linear, "softmax": softmax, "relu": relu}
    check_head(submission.binary_model, rng, sigmoid, mistakes)


@graded(points=1)
def test_binary_compiled(submission):
    check_classifier(submission.binary_model(6), "binary_crossentropy", "binary_accuracy")


def check_classes(build, rng):
    """The head for a drawn number of classes and for two."""
    mistakes = {"linear": linear, "sigmoid": sigmoid}
    check_head(build, rng, softmax, mistakes, drawn=(int(rng.integers(3, HIDDEN)),), smallest=(2,))


@graded(points=1)
def test_one_hot_head(submission, rng):
    check_classes(submission.one_hot_model, rng)


@graded(points=1)
def test_one_hot_compiled(submission):
    check_classifier(submission.one_hot_model(4, 3), "categorical_crossentropy", "categorical_accuracy")


@graded(points=1)
def test_integer_head(submission, rng):
    check_classes(submission.integer_model, rng)


@graded(points=1)
def test_integer_compiled(submission):
    loss, metric = "sparse_categorical_crossentropy", "sparse_categorical_accuracy"
    check_classifier(submission.integer_model(4, 3), loss, metric)


@graded(points=2, after=["regression_head", "regression_compiled", "binary_head", "binary_compiled"])
def test_one_output(submission, rng):
    features = int(rng.integers(3, 7))
    x = rng.normal(size=(20, features))
    weights, y = random_weights(rng, features, 1), rng.normal(size=(20, 1)) * 3
    want = mse(y, outputs(x, weights, linear))
    check_loss(model(submission.regression_model(features)), weights, x, y, want)
    weights, y = random_weights(rng, features, 1), rng.integers(0, 2, size=(20, 1)).astype(float)
    want = binary_cross_entropy(y, outputs(x, weights, sigmoid))
    check_loss(model(submission.binary_model(features)), weights, x, y, want)


@graded(points=2, after=["one_hot_head", "one_hot_compiled", "integer_head", "integer_compiled"], hidden=True)
def test_classes(submission, rng):
    features, classes = int(rng.integers(3, 7)), int(rng.integers(4, HIDDEN))
    x, labels = rng.normal(size=(20, features)), rng.integers(0, classes, size=20)
    rows = np.eye(classes)[labels]
    for name, y in (("one_hot_model", rows), ("integer_model", labels)):
        built = model(getattr(submission, name)(features, classes))
        weights = random_weights(rng, features, classes)
        p = outputs(x, weights, softmax)
        check_loss(built, weights, x, y, categorical_cross_entropy(rows, p))
        load(built, weights)
        assert_close(built.predict(x), p, rtol=1e-4)
