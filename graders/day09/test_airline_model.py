"""Grader of day09/airline_model."""

import itertools

import numpy as np

from course.grading import array, assert_close, assert_equal, confirm, fail, graded, model, require
from graders.reference.airline import ACTIVATIONS, SIZES
from graders.reference.recurrent import dense_stack, random_weights, sigmoid

SHAPES = [shape for before, after in itertools.pairwise(SIZES) for shape in ((before, after), (after,))]
UNITS = list(SIZES[1:])
TOTAL = 21_633
# The share that is switched off after each dense layer (0: of the inputs), and what that multiplies the rest by.
RATES = {0: 0, 1: 0, 2: 0, 3: 0, 4: 0.3, 5: 0.2}
SCALE = 1 / (0.7 * 0.8)
# Rows in training mode for each place: the share is measured on 25 units or more of half of them at least.
ROWS = 60
# What reaches the last sum: small, so that its sigmoid can be undone, whatever a dropout multiplies it by.
CARRIED = 0.125
PASSIVE = {"Activation", "ReLU", "Flatten", "Reshape", "Dropout"}


def forward(x, weights, activations=ACTIVATIONS):
    """What the network computes: x (n, 25) to (n, 1)."""
    return dense_stack(x, weights, activations)


def changed(place, activation):
    """The network's activations with another one at this place."""
    return (*ACTIVATIONS[:place], activation, *ACTIVATIONS[place + 1 :])


def load(built, weights):
    """Set the weights, whatever the order in which the model keeps them: those of one shape have the same values."""
    by_shape = dict(zip(SHAPES, weights, strict=True))
    built.set_weights([by_shape[weight.shape] for weight in built.get_weights()])


def drawn_weights(rng):
    """Random weights, biases of one length with the same values."""
    by_shape = dict(zip(SHAPES, random_weights(rng, SHAPES), strict=True))
    return [by_shape[shape].copy() for shape in SHAPES]


def fed_again(built, kernels):
    """Kernels of later layers that take the 25 features, where the first layer is not just missing."""
    later = [shape for shape in kernels if shape[0] == SIZES[0] and shape != SHAPES[0]]
    return later if SHAPES[0] in kernels or (built.kind == "Functional" and len(kernels) == 1) else []


@graded(points=2)
def test_layers(submission, rng):
    built = model(submission.build_model())
    shapes = [weight.shape for weight in built.get_weights()]
    require(shapes, "unbuilt")
    require(built.input_shape in ((None, 25), None), "inputs", shape=str(built.input_shape))
    kernels = [shape for shape in shapes if len(shape) == 2]
    again = fed_again(built, kernels)
    require(not again, "inputs_again", shape=again[0] if again else "")
    units = [shape[1] for shape in kernels]
    require(len(units) != 1, "logistic_regression", units=str(units))
    right = sorted(units) == sorted(UNITS)
    require(right, "units", units=", ".join(map(str, units)) or "-", want=", ".join(map(str, UNITS)))
    total = sum(int(np.prod(shape)) for shape in shapes)
    require(sorted(shapes) == sorted(SHAPES), "parameters", got=total, want=TOTAL)
    confirm(built, lambda: computed(built, rng), rtol=1e-4, atol=1e-5)


def computed(built, rng):
    """What it computes and what the network must, with drawn weights."""
    weights, x = drawn_weights(rng), rng.uniform(size=(7, 25))
    load(built, weights)
    return built.predict(x), forward(x, weights)


def carrying(place):
    """Weights by which all units of one place carry a signal, fed by one unit before and joined into one after."""
    weights = [np.zeros(shape) for shape in SHAPES]
    for layer, kernel in enumerate(weights[::2]):
        if layer == place:  # it takes the units of this place
            kernel[:, 0] = 1 / len(kernel)
        else:
            kernel[0, : None if layer == place - 1 else 1] = 1
    weights[-2] *= CARRIED
    return weights


def in_training(built):
    """The last sums in training mode, as multiples of what they are in use."""
    rows = np.ones((ROWS, 25))
    used, trained = array(built.predict(rows[:1])), array(built.predict(rows, training=True))
    if np.allclose(used, CARRIED):  # a missing sigmoid is for the next test
        return trained.ravel() / CARRIED
    require(np.allclose(used, sigmoid(CARRIED)), "unreadable")
    with np.errstate(all="ignore"):  # a dropout behind the sigmoid gives 0, or more than 1
        return np.log(trained / (1 - trained)).ravel() / CARRIED


def dropout_at(built, place):
    """The share of a place's units that training switches off, and what all dropouts multiply the others by."""
    load(built, carrying(place))
    values = in_training(built)
    passed = np.sort(values[values > 0.01])  # past the single units before and after
    steps = np.diff(passed)
    steps = steps[steps > 0.001]
    units = SIZES[place]
    if not steps.size:
        return 0.0, (passed[0] if passed.size else 0.0)
    kept = passed / steps.min()  # neighbouring numbers of units occur among so many rows
    kinds = [layer.kind for layer in built.layers if not layer.parameters and layer.kind not in PASSIVE]
    require(np.abs(kept - np.round(kept)).max() < 0.1, "extra", kinds=", ".join(kinds) or "-")
    return 1 - kept.mean() / units, units * steps.min()


@graded(points=1, after=["layers"])
def test_dropout(submission):
    built = model(submission.build_model())
    for layer in built.layers:
        require(layer.trainable, "frozen", name=layer.name)
    load(built, [*carrying(0)[:-2], np.zeros((32, 1)), np.array([CARRIED])])
    require(np.ptp(in_training(built)) < 0.001, "place", place=6)
    found = {place: dropout_at(built, place) for place in RATES}
    for place, (share, _) in found.items():
        if not RATES[place] and share:
            fail("place", place=place) if place else fail("on_inputs")
    for place in (4, 5):
        share, rate = found[place][0], RATES[place]
        require(share, "missing", place=place)
        # Six standard deviations of a share that is counted on half of the rows.
        near = 6 * (rate * (1 - rate) / (SIZES[place] * ROWS / 2)) ** 0.5
        require(
            abs(share - (1 - (1 - rate) ** 2)) > near, "twice", place=place, rate=f"{share:.2f}", want=rate
        )
        require(abs(share - rate) < near, "rate", place=place, rate=f"{share:.2f}", want=rate)
    scale = found[1][1]
    require(abs(scale - SCALE) < 0.001, "scale", got=f"{scale:.3f}", want=f"{SCALE:.3f}")


@graded(points=3, after=["layers"])
def test_formula(submission, rng):
    built, other = model(submission.build_model()), model(submission.build_model())
    weights, fresh = drawn_weights(rng), other.get_weights()
    for rows in (1, 7):
        x = rng.uniform(size=(rows, 25))
        # Sums of both signs before the last sigmoid: a relu in its place shows.
        weights[-1] = weights[-1] - np.median(forward(x, weights, changed(5, "linear")))
        load(built, weights)
        got = built.predict(x)
        require(np.allclose(got, built.predict(x)), "random")
        mistakes = {"no_relu": forward(x, weights, ("linear",) * 5 + ("sigmoid",))}
        mistakes |= {"one_relu_missing": min_gap(got, x, weights)}
        mistakes |= {
            "no_sigmoid": forward(x, weights, changed(5, "linear")),
            "tanh": forward(x, weights, ("tanh",) * 5 + ("sigmoid",)),
            "sigmoids": forward(x, weights, ("sigmoid",) * 6),
            "softmax": np.ones((rows, 1)),
        }
        assert_close(got, forward(x, weights), rtol=1e-4, atol=1e-5, mistakes=mistakes)
    load(other, drawn_weights(rng))
    require(np.allclose(built.predict(x), got), "same")
    for weight in fresh:
        require(weight.ndim < 2 or np.ptp(weight) > 0, "all_equal", shape=weight.shape)


def min_gap(got, x, weights):
    """Of the networks with one relu left out, the outputs nearest to `got`."""
    candidates = [forward(x, weights, changed(place, "linear")) for place in range(5)]
    return min(candidates, key=lambda candidate: np.abs(candidate - np.reshape(got, candidate.shape)).max())


@graded(points=1)
def test_compiled(submission):
    settings = model(submission.build_model()).compiled
    require(settings is not None, "missing")
    loss = str(settings.loss)
    require(not loss.startswith("binary_crossentropy (from_logits"), "from_logits")
    require(loss != "BinaryCrossentropy", "loss_settings", got=loss)
    require(loss == "binary_crossentropy", "loss", got=loss)
    require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
    rate = settings.learning_rate
    require(0.000499 <= rate <= 0.00201, "rate", got=rate)
    if not {"accuracy", "binary_accuracy"} & set(settings.metrics):
        require("Accuracy" not in settings.metrics, "exact_accuracy")
        fail("metrics", got=", ".join(settings.metrics) or "-")


def count(inputs, units):
    return sum((before + 1) * after for before, after in itertools.pairwise([inputs, *units]))


@graded(points=2)
def test_parameters(submission, rng):
    # More inputs than units anywhere: no two of the mistakes give the same number.
    drawn = int(rng.integers(51, 60)), rng.integers(20, 50, size=4).tolist()
    for inputs, units in (drawn, (25, UNITS)):
        pairs = list(itertools.pairwise([inputs, *units]))
        mistakes = {
            "no_bias": sum(a * b for a, b in pairs),
            "no_first": sum((a + 1) * b for a, b in pairs[1:]),
            "bias_per_input": sum((b + 1) * a for a, b in pairs),
            "units_only": sum(units),
        }
        assert_equal(submission.dense_parameters(inputs, units), count(inputs, units), mistakes=mistakes)
    inputs, width = rng.integers(2, 40, size=2).tolist()
    for given in ((1, [width, 3]), (inputs, [width]), (inputs, [1]), (inputs, [width] * 3), (inputs, [])):
        assert_equal(submission.dense_parameters(*given), count(*given))


@graded(points=1, after=["parameters", "formula"], hidden=True)
def test_other_inputs(submission, rng):
    for size in (1, 6):
        inputs, units = int(rng.integers(1, 99)), rng.integers(1, 99, size=size).tolist()
        assert_equal(submission.dense_parameters(inputs, units), count(inputs, units))
    built, weights = model(submission.build_model()), drawn_weights(rng)
    load(built, weights)
    x = rng.normal(size=(4, 25))
    assert_close(built.predict(x), forward(x, weights), rtol=1e-4, atol=1e-5)
