"""Grader of day09/airline_model."""

import itertools

import numpy as np

from course.grading import assert_close, assert_equal, graded, require, unchanged
from course.reference.airline import ACTIVATIONS, SIZES
from course.reference.recurrent import dense_stack, random_weights

SHAPES = [shape for before, after in itertools.pairwise(SIZES) for shape in ((before, after), (after,))]
UNITS = list(SIZES[1:])
TOTAL = 21_633
# Places of the two dropouts: after the fourth and the fifth dense layer.
DROPOUTS = {4: 0.3, 5: 0.2}
PASSIVE = {"Activation", "ReLU", "Flatten", "Reshape"}


def forward(x, weights, activations=ACTIVATIONS):
    """What the network computes: x (n, 25) to (n, 1)."""
    return dense_stack(x, weights, activations)


def changed(place, activation):
    """The network's activations with another one at this place."""
    return (*ACTIVATIONS[:place], activation, *ACTIVATIONS[place + 1 :])


@graded(points=2)
def test_layers(submission):
    model = submission.build_model()
    require(model.parameters is not None, "unbuilt")
    require(model.input_shape in ((None, 25), None), "inputs", shape=str(model.input_shape))
    shapes = [np.shape(weight) for weight in model.get_weights()]
    units = [shape[1] for shape in shapes if len(shape) == 2]
    require(len(units) > 1, "logistic_regression", units=str(units))
    require(units == UNITS, "units", units=", ".join(map(str, units)), want=", ".join(map(str, UNITS)))
    require(shapes == SHAPES and model.parameters == TOTAL, "parameters", got=model.parameters, want=TOTAL)


@graded(points=1, after=["layers"])
def test_dropout(submission):
    dense, found = 0, {}
    for layer in submission.build_model().layers:
        require(layer.trainable, "frozen", name=layer.name)
        if layer.parameters:
            dense += 1
        elif layer.kind == "Dropout":
            rate = layer.config.get("rate")
            require(dense in DROPOUTS, "place", place=dense)
            require(dense not in found, "twice", place=dense)
            require(rate == DROPOUTS[dense], "rate", place=dense, rate=rate, want=DROPOUTS[dense])
            found[dense] = rate
        else:
            require(layer.kind in PASSIVE, "extra", kind=layer.kind)
    missing = [place for place in DROPOUTS if place not in found]
    require(not missing, "missing", place=missing[0] if missing else 0)


@graded(points=3, after=["layers"])
def test_formula(submission, rng):
    model, weights = submission.build_model(), random_weights(rng, SHAPES)
    for rows in (1, 7):
        x = rng.uniform(size=(rows, 25))
        # Sums of both signs before the last sigmoid: a relu in its place shows.
        weights[-1] = weights[-1] - np.median(forward(x, weights, changed(5, "linear")))
        model.set_weights(weights)
        mistakes = {"no_relu": forward(x, weights, ("linear",) * 5 + ("sigmoid",))}
        mistakes |= {"one_relu_missing": min_gap(model.predict(x), x, weights)}
        mistakes |= {
            "no_sigmoid": forward(x, weights, changed(5, "linear")),
            "tanh": forward(x, weights, ("tanh",) * 5 + ("sigmoid",)),
            "sigmoids": forward(x, weights, ("sigmoid",) * 6),
            "softmax": np.ones((rows, 1)),
        }
        assert_close(model.predict(x), forward(x, weights), rtol=1e-4, atol=1e-5, mistakes=mistakes)


def min_gap(got, x, weights):
    """Of the networks with one relu left out, the outputs nearest to `got`."""
    candidates = [forward(x, weights, changed(place, "linear")) for place in range(5)]
    return min(candidates, key=lambda candidate: np.abs(candidate - np.reshape(got, candidate.shape)).max())


@graded(points=1)
def test_compiled(submission):
    settings = submission.build_model().compiled
    require(settings is not None, "missing")
    require(settings.loss == "binary_crossentropy", "loss", got=str(settings.loss))
    require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
    rate = settings.learning_rate
    require(0.0005 <= rate <= 0.00201, "rate", got=rate)
    accuracy = {"accuracy", "acc", "binary_accuracy"}
    require(accuracy & set(settings.metrics), "metrics", got=", ".join(map(str, settings.metrics)) or "-")


@graded(points=2)
def test_parameters(submission, rng):
    cases = [(25, UNITS), (4, [5, 10, 3]), (int(rng.integers(2, 40)), rng.integers(1, 50, size=4).tolist())]
    for inputs, units in cases:
        sizes = [inputs, *units]
        pairs = list(zip(sizes, units))
        mistakes = {
            "no_bias": sum(a * b for a, b in pairs),
            "no_first": sum((a + 1) * b for a, b in pairs[1:]),
            "bias_per_input": sum((b + 1) * a for a, b in pairs),
            "units_only": sum(units),
        }
        want = sum((a + 1) * b for a, b in pairs)
        assert_equal(unchanged(submission.dense_parameters, inputs, units), want, mistakes=mistakes)


@graded(points=1, after=["parameters", "formula"], hidden=True)
def test_other_inputs(submission, rng):
    assert_equal(submission.dense_parameters(7, [3]), 24)
    assert_equal(submission.dense_parameters(3, []), 0)
    model, weights = submission.build_model(), random_weights(rng, SHAPES)
    model.set_weights(weights)
    x = rng.normal(size=(4, 25))
    assert_close(model.predict(x), forward(x, weights), rtol=1e-4, atol=1e-5)
