"""Grader of day08/keras_models."""

import numpy as np

from course.grading import Model, assert_close, graded, require, unpack
from course.reference.recurrent import relu

SHAPES = [(4, 5), (5,), (5, 10), (10,), (10, 3), (3,)]
PARAMETERS = 118
NAMES = ("sequential_from_list", "sequential_with_add", "functional", "subclassed")


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def linear(z):
    return z


def forward(x, weights, activations=(relu, relu, softmax)):
    for W, b, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        x = activation(x @ W + b)
    return x


def random_weights(rng):
    """Kernels of both signs, biases large enough to show; outputs not all near 0 and 1."""
    return [0.6 * rng.normal(size=s) if len(s) == 2 else rng.uniform(0.3, 0.9, size=s) for s in SHAPES]


def a_model(got):
    """The learner's model; None and other things fail with a message of their own."""
    return got if isinstance(got, Model) else unpack(got, "model")[0]


def load(model, weights):
    """Set the weights, whatever the order in which the model keeps them: all six shapes differ."""
    by_shape = {weight.shape: weight for weight in weights}
    model.set_weights([by_shape[weight.shape] for weight in model.get_weights()])


def check_model(model, rng):
    """118 parameters in the right shapes, and for random weights the outputs of the same network in NumPy."""
    shapes = [weight.shape for weight in model.get_weights()]
    require(shapes, "unbuilt")
    total = sum(int(np.prod(shape)) for shape in shapes)
    right = total == PARAMETERS and sorted(shapes) == sorted(SHAPES)
    require(right, "weights", shapes=", ".join(map(str, shapes)), total=total)
    weights, x = random_weights(rng), rng.normal(size=(9, 4))
    load(model, weights)
    wrong = {
        "no_softmax": forward(x, weights, (relu, relu, linear)),
        "no_relu": forward(x, weights, (linear, linear, softmax)),
        "no_activations": forward(x, weights, (linear, linear, linear)),
    }
    assert_close(model.predict(x), forward(x, weights), rtol=1e-4, mistakes=wrong)


@graded(points=2)
def test_sequential_from_list(submission, rng):
    model = a_model(submission.sequential_from_list())
    require(model.kind == "Sequential", "kind", kind=model.kind)
    check_model(model, rng)


@graded(points=2)
def test_sequential_with_add(submission, rng):
    model = a_model(submission.sequential_with_add())
    require(model.kind == "Sequential", "kind", kind=model.kind)
    check_model(model, rng)


@graded(points=2)
def test_functional(submission, rng):
    model = a_model(submission.functional())
    require(model.kind == "Functional", "kind", kind=model.kind)
    check_model(model, rng)


@graded(points=2)
def test_subclassed(submission, rng):
    model = a_model(submission.subclassed())
    require(model.kind not in ("Sequential", "Functional"), "kind", kind=model.kind)
    check_model(model, rng)


@graded(points=2, after=NAMES, hidden=True)
def test_agreement(submission, rng):
    weights, x = random_weights(rng), rng.normal(size=(int(rng.integers(2, 40)), 4)) * 2
    for name in NAMES:
        model = getattr(submission, name)()
        load(model, weights)
        assert_close(model.predict(x), forward(x, weights), rtol=1e-4)
