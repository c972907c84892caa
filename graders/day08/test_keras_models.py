"""Grader of day08/keras_models."""

import numpy as np

from course.grading import assert_close, graded, model, require
from graders.reference.recurrent import relu, sigmoid

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


def load(built, weights):
    """Set the weights, whatever the order in which the model keeps them: all six shapes differ."""
    by_shape = {weight.shape: weight for weight in weights}
    built.set_weights([by_shape[weight.shape] for weight in built.get_weights()])


def fed_again(built, shapes):
    """Kernels of later layers that take the four inputs, where the way of writing allows that; the first layer is not missing."""
    kernels = [shape for shape in shapes if len(shape) == 2]
    later = [shape for shape in kernels if shape in ((4, 10), (4, 3))]
    return later if built.kind != "Sequential" and ((4, 5) in kernels or len(kernels) == 1) else []


def check_weights(built):
    """118 random, trainable parameters in the right shapes."""
    kept = built.get_weights()
    shapes = [weight.shape for weight in kept]
    require(shapes, "unbuilt")
    again = fed_again(built, shapes)
    require(not again, "inputs_again", shape=again[0] if again else "")
    total = sum(int(np.prod(shape)) for shape in shapes)
    right = total == PARAMETERS and sorted(shapes) == sorted(SHAPES)
    require(right, "weights", shapes=", ".join(map(str, shapes)), total=total)
    for weight in kept:
        require(weight.ndim < 2 or np.ptp(weight) > 0, "all_equal", shape=weight.shape)
    for layer in built.layers:
        require(layer.trainable, "frozen", name=layer.name)


def check_model(build, rng, right_kind):
    """The right kind of model and weights; for random ones the outputs of the same network in NumPy; each model for itself."""
    built, other = model(build()), model(build())
    require(right_kind(built.kind), "kind", kind=built.kind)
    check_weights(built)
    weights, x = random_weights(rng), rng.normal(size=(9, 4))
    load(built, weights)
    wrong = {
        "no_softmax": forward(x, weights, (relu, relu, linear)),
        "sigmoid": forward(x, weights, (relu, relu, sigmoid)),
        "no_relu": forward(x, weights, (linear, linear, softmax)),
        "first_relu": forward(x, weights, (linear, relu, softmax)),
        "second_relu": forward(x, weights, (relu, linear, softmax)),
        "no_activations": forward(x, weights, (linear, linear, linear)),
    }
    assert_close(built.predict(x), forward(x, weights), rtol=1e-4, mistakes=wrong)
    load(other, random_weights(rng))
    require(np.allclose(built.predict(x), forward(x, weights), rtol=1e-4), "same")


def is_sequential(kind):
    return kind == "Sequential"


def is_functional(kind):
    return kind == "Functional"


def is_subclass(kind):
    return kind not in ("Sequential", "Functional")


@graded(points=2)
def test_sequential_from_list(submission, rng):
    check_model(submission.sequential_from_list, rng, is_sequential)


@graded(points=2)
def test_sequential_with_add(submission, rng):
    check_model(submission.sequential_with_add, rng, is_sequential)


@graded(points=2)
def test_functional(submission, rng):
    check_model(submission.functional, rng, is_functional)


@graded(points=2)
def test_subclassed(submission, rng):
    check_model(submission.subclassed, rng, is_subclass)


@graded(points=2, after=NAMES, hidden=True)
def test_agreement(submission, rng):
    weights, x = random_weights(rng), rng.normal(size=(int(rng.integers(2, 40)), 4)) * 2
    for name in NAMES:
        built = model(getattr(submission, name)())
        load(built, weights)
        assert_close(built.predict(x), forward(x, weights), rtol=1e-4)
