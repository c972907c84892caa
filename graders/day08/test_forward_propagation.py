"""Grader of day08/forward_propagation."""

from itertools import cycle

import numpy as np

from course.grading import assert_close, assert_raises, forms, graded, unpack
from graders.reference.recurrent import relu, sigmoid

XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_LAYERS = [
    (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), "relu"),
    (np.array([[1.0], [-2.0]]), np.array([0.0]), "linear"),
]


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


ACTIVATIONS = {"linear": lambda z: z, "relu": relu, "sigmoid": sigmoid, "tanh": np.tanh, "softmax": softmax}


def network(rng, sizes, activations):
    """A list of layers; positive biases, so that leaving one out always shows."""
    pairs = zip(sizes[:-1], sizes[1:], activations, strict=True)
    return [(rng.normal(size=(m, n)), rng.uniform(0.5, 1.5, size=n), name) for m, n, name in pairs]


def reference(x, layers, bias=1):
    caches = []
    for W, b, name in layers:
        z = x @ W + bias * b
        caches.append((x, z))
        x = ACTIVATIONS[name](z)
    return x, caches


def wrong_outputs(x, layers):
    """What the usual mistakes give for the whole network."""
    *hidden, last = layers
    return {
        "no_bias": reference(x, layers, bias=0)[0],
        "last_linear": reference(x, [*hidden, (*last[:2], "linear")])[0],
        "all_linear": reference(x, [(W, b, "linear") for W, b, _ in layers])[0],
        "same_activation": reference(x, [(W, b, layers[0][2]) for W, b, _ in layers])[0],
        "always_x": reference(x, [last])[0] if len(last[0]) == x.shape[1] else np.nan,
    }


def check_caches(got, wanted):
    """Every layer's pair (a_prev, z), without naming mistakes."""
    for cache, values in zip(unpack(got, *("cache" for _ in wanted)), wanted, strict=True):
        for part, value in zip(unpack(cache, "a_prev", "z"), values, strict=True):
            assert_close(part, value)


def check_forward(submission, x, layers):
    output, caches = unpack(submission.forward(x, layers), "output", "caches")
    want, wanted = reference(x, layers)
    assert_close(output, want)
    check_caches(caches, wanted)


@graded(points=2)
def test_activate(submission, rng):
    z = rng.normal(size=(4, 3)) * 2
    for name, function in ACTIVATIONS.items():
        wrong = {}
        if name == "softmax":
            wrong = {"softmax_all": np.exp(z) / np.exp(z).sum(), "softmax_columns": softmax(z, axis=0)}
        assert_close(submission.activate(z, name), function(z), mistakes=wrong)
    for name, function in ACTIVATIONS.items():
        for (z,) in forms(rng, (3, 4)):
            assert_close(submission.activate(z, name), function(z))
        for z in (rng.normal(size=(1, 3)), rng.normal(size=(4, 1))):
            assert_close(submission.activate(z, name), function(z))


@graded(points=1, after=["activate"])
def test_softmax_large(submission, rng):
    for scale in (1000.0, float(rng.uniform(800, 1000))):
        z = np.array([[scale, 0.0, scale - 1], [-scale, -scale, -scale], [0.0, 2.0, -1.0]])
        assert_close(submission.activate(z, "softmax"), softmax(z))


@graded(points=1)
def test_unknown_name(submission, rng):
    z = rng.normal(size=(2, 3))
    for name in ("swish", "ReLU", "relu6", "leaky_relu", "soft", "tanh ", ""):
        assert_raises(ValueError, submission.activate, z, name)


@graded(points=2, after=["activate"])
def test_layer_forward(submission, rng):
    for name in ("relu", "sigmoid", "softmax"):
        x = rng.normal(size=(5, 3))
        (layer,) = network(rng, (3, 4), [name])
        a, cache = unpack(submission.layer_forward(x, *layer), "a", "cache")
        want, [(want_x, want_z)] = reference(x, [layer])
        assert_close(a, want, mistakes={"no_bias": reference(x, [layer], bias=0)[0], "no_activation": want_z})
        a_prev, z = unpack(cache, "a_prev", "z")
        assert_close(a_prev, want_x, mistakes={"cache_swapped": want_z, "cache_output": want})
        assert_close(z, want_z, mistakes={"cache_output": want, "cache_swapped": want_x})
    names = cycle(ACTIVATIONS)
    for n, d, units in ((5, 3, 4), (1, 2, 1), (4, 1, 3)):
        for x, W, b in forms(rng, (n, d), (d, units), (units,)):
            layer = (W, b, next(names))
            a, cache = unpack(submission.layer_forward(x, *layer), "a", "cache")
            want, wanted = reference(x, [layer])
            assert_close(a, want)
            check_caches([cache], wanted)


@graded(points=1)
def test_xor(submission, rng):
    # The hidden units in another order and scale, which the output layer takes back; rows between the corners too.
    (W1, b1, _), (W2, b2, _) = XOR_LAYERS
    scale, order = rng.choice([0.25, 0.5, 2.0, 4.0], size=2), rng.permutation(2)
    hidden, last = ((W1 * scale)[:, order], (b1 * scale)[order]), ((W2 / scale[:, None])[order], b2)
    x = np.vstack([rng.permutation(XOR_INPUTS), rng.uniform(size=(3, 2))])
    layers = [(*hidden, "relu"), (*last, "linear")]
    output, _ = unpack(submission.forward(x, layers), "output", "caches")
    assert_close(output, reference(x, layers)[0])
    output, _ = unpack(submission.forward(XOR_INPUTS, XOR_LAYERS), "output", "caches")
    assert_close(output, [[0], [1], [1], [0]])


@graded(points=2)
def test_forward(submission, rng):
    x = rng.normal(size=(6, 4))
    for sizes in ((4, 4, 4, 3), (4, 5, 10, 3)):
        layers = network(rng, sizes, ("relu", "relu", "softmax"))
        output, _ = unpack(submission.forward(x, layers), "output", "caches")
        assert_close(output, reference(x, layers)[0], mistakes=wrong_outputs(x, layers))


@graded(points=2, after=["forward"])
def test_caches(submission, rng):
    x = rng.normal(size=(4, 3))
    layers = network(rng, (3, 5, 2, 6), ("tanh", "sigmoid", "softmax"))
    output, caches = unpack(submission.forward(x, layers), "output", "caches")
    want_output, want = reference(x, layers)
    assert_close(output, want_output)
    outputs = [a for a, _ in want[1:]] + [want_output]
    last_a, last_z = want[-1]
    pairs = unpack(caches, *(f"(a_prev, z) of layer {number + 1}" for number in range(len(layers))))
    for number, (cache, (want_a, want_z), a) in enumerate(zip(pairs, want, outputs, strict=True)):
        a_prev, z = unpack(cache, "a_prev", "z")
        # Another order shows at the first layer, the network's input in place of the layer's from the second on.
        other = {"always_x": x} if number else {"cache_order": last_a}
        assert_close(a_prev, want_a, mistakes={"cache_output": a, "cache_swapped": want_z, **other})
        other = {} if number else {"cache_order": last_z}
        assert_close(z, want_z, mistakes={"cache_output": a, "cache_swapped": want_a, **other})


@graded(points=1, after=["forward"])
def test_linear_collapse(submission, rng):
    x = rng.normal(size=(5, 3))
    (W1, b1, _), (W2, b2, _) = layers = network(rng, (3, 4, 2), ("linear", "linear"))
    output, _ = unpack(submission.forward(x, layers), "output", "caches")
    assert_close(output, x @ (W1 @ W2) + (b1 @ W2 + b2))


@graded(points=1, after=["forward"], hidden=True)
def test_any_depth(submission, rng):
    names = ["tanh", "sigmoid", "relu", "linear", "softmax"]
    for depth in (1, 2, 5):
        sizes = rng.integers(2, 7, size=depth + 1)
        x = rng.normal(size=(depth, sizes[0]))
        check_forward(submission, x, network(rng, sizes, rng.permutation(names)[:depth].tolist()))
    one, other = network(rng, (3, 3, 3), ("tanh", "relu"))
    for x, layers in zip(
        forms(rng, (4, 3)), cycle(([one, one, one], [one, other, one], [other])), strict=False
    ):
        check_forward(submission, *x, layers)
    for units in (1, 2):
        check_forward(submission, rng.normal(size=(5, 1)), network(rng, (1, 2, units), ("relu", "linear")))
