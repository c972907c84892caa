"""Grader of day10/forecasting."""

import numpy as np

from course.grading import assert_close, forms, graded, model, require
from graders.reference.recurrent import dense_stack, random_weights, relu, simple_rnn

SIMPLE_SHAPES = [(1, 1), (1, 1), (1,)]
DEEP_SHAPES = [(1, 20), (20, 20), (20,), (20, 20), (20, 20), (20,), (20, 1), (1,)]
RATES = (0.003, 0.01)
STEPS, BATCH = 100, 100
# The prompt's example: the forecast is 8.
EXAMPLE = (
    np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])[:, :, None],
    np.array([[3.0], [2.0], [4.0], [5.0]]),
    np.array([[[3.0], [2.0]]]),
)


def noisy_series(rng, samples, timesteps=50):
    """Two sines with random frequencies and shifts, and noise (Géron 2019, ch. 15): x and the value after it."""
    f1, f2, shift1, shift2 = rng.random((4, samples, 1))
    t = np.linspace(0, 1, timesteps + 1)
    waves = 0.5 * np.sin((t - shift1) * (10 + 10 * f1)) + 0.2 * np.sin((t - shift2) * (20 + 20 * f2))
    series = waves + 0.1 * (rng.random((samples, timesteps + 1)) - 0.5)
    return series[:, :-1, None], series[:, -1:]


def least_squares(x_train, y_train, x, *, bias=True):
    """Ordinary least squares on the values of a window."""

    def inputs(windows):
        ones = np.ones((len(windows), int(bias)))
        return np.concatenate([windows[:, :, 0], ones], axis=1)

    return inputs(x) @ np.linalg.lstsq(inputs(x_train), y_train, rcond=None)[0]


def deep_rnn(x, weights):
    """Two SimpleRNN layers and a linear unit."""
    states = simple_rnn(simple_rnn(x, *weights[:3]), *weights[3:6])
    return dense_stack(states[:, -1], weights[6:], ["linear"])


def rnn_with(activation, x, kernel, recurrent_kernel, bias):
    """The last state of a recurrent layer with this activation in tanh's place."""
    h = np.zeros((len(x), len(recurrent_kernel)))
    for step in range(x.shape[1]):
        h = activation(x[:, step] @ kernel + h @ recurrent_kernel + bias)
    return h


def linear_data(rng, timesteps):
    """Windows far from zero, so that a missing bias shows."""
    x_train, x = (rng.normal(2, 1, size=(samples, timesteps, 1)) for samples in (6 * timesteps, 7))
    y_train = x_train[:, :, 0] @ rng.normal(size=(timesteps, 1)) + 5 + rng.normal(size=(len(x_train), 1))
    return x_train, y_train, x


def check_network(build, kinds, shapes):
    """A new recurrent network for series of any length: its layers and parameters."""
    network = model(build())
    require(network.parameters is not None, "unbuilt")
    layers = network.layers
    found = [layer.kind for layer in layers]
    require(found == kinds, "layers", kinds=", ".join(found))
    if network.input_shape is not None:
        require(network.input_shape == (None, None, 1), "input", shape=network.input_shape)
    got = [weight.shape for weight in network.get_weights()]
    require(got == shapes, "weights", got=", ".join(map(str, got)))
    for layer in layers:
        require(layer.trainable, "frozen", layer=layer.name)
    marked = [np.full(shape, 0.5) for shape in shapes]
    network.set_weights(marked)
    another = model(build()).get_weights()
    require(not all(np.array_equal(a, b) for a, b in zip(another, marked, strict=True)), "same_model")
    return network


def deep_network(submission):
    """build_deep_rnn, where Keras refuses to stack the layers because the first one hands on no sequence."""

    def build():
        try:
            return submission.build_deep_rnn()
        except ValueError as error:
            require("expected ndim=3, found ndim=2" not in str(error), "one_state")
            raise

    return check_network(build, ["SimpleRNN", "SimpleRNN", "Dense"], DEEP_SHAPES)


def error(forecast, target):
    """Mean squared error."""
    return float(np.mean((forecast - target) ** 2))


@graded(points=1)
def test_naive(submission, rng):
    for samples, timesteps in [(5, 3), (2, 8)]:
        x = rng.normal(size=(samples, timesteps, 1))
        mistakes = {
            "flat": x[:, -1, 0],
            "three_axes": x[:, -1:],
            "first": x[:, 0],
            "mean": x.mean(axis=1),
            "last_series": x[-1],
            "trend": 2 * x[:, -1] - x[:, -2],
        }
        assert_close(submission.naive_forecast(x), x[:, -1], mistakes=mistakes)
    for samples, timesteps in [(4, 3), (1, 5), (3, 1)]:
        for (x,) in forms(rng, (samples, timesteps, 1)):
            assert_close(submission.naive_forecast(x), x[:, -1])


def check_linear(submission, x_train, y_train, x, mistakes=None):
    # float32 input may be computed with as it is.
    got = submission.linear_forecast(x_train, y_train, x)
    assert_close(got, least_squares(x_train, y_train, x), rtol=1e-4, atol=1e-4, mistakes=mistakes)


@graded(points=2)
def test_linear(submission, rng):
    for x_train, y_train, x in (linear_data(rng, 4), linear_data(rng, 9)):
        mistakes = {
            "no_bias": least_squares(x_train, y_train, x, bias=False),
            "training_series": least_squares(x_train, y_train, x_train),
            "last_only": least_squares(x_train[:, -1:], y_train, x[:, -1:]),
            "flat": least_squares(x_train, y_train, x)[:, 0],
        }
        check_linear(submission, x_train, y_train, x, mistakes)
    check_linear(submission, *EXAMPLE)
    x_train, _, _ = linear_data(rng, 3)
    for y_train, x in forms(rng, (18, 1), (5, 3, 1)):
        check_linear(submission, x_train, y_train, x)
    whole = rng.integers(-9, 10, size=(18, 3, 1))
    for x_train in (whole, whole.astype(np.float32), -rng.uniform(1, 9, size=(18, 3, 1))):
        check_linear(submission, x_train, rng.integers(-9, 10, size=(18, 1)), rng.normal(size=(1, 3, 1)))
    # A single step: one weight and the bias.
    check_linear(submission, *linear_data(rng, 1))


@graded(points=2)
def test_simple_rnn(submission, rng):
    network = check_network(submission.build_simple_rnn, ["SimpleRNN"], SIMPLE_SHAPES)
    for samples, timesteps in [(6, 50), (3, 7)]:
        linear = rectified = np.zeros(0)
        while np.allclose(
            linear, rectified, rtol=1e-3, atol=1e-4
        ):  # some state below 0 shows in the last one
            weights = random_weights(rng, SIMPLE_SHAPES)
            x = rng.normal(size=(samples, timesteps, 1))
            linear, rectified = (rnn_with(f, x, *weights) for f in (lambda z: z, relu))
        network.set_weights(weights)
        got = network.predict(x)
        require(np.ndim(got) < 3, "sequences")
        mistakes = {"no_tanh": linear, "relu": rectified}
        assert_close(got, simple_rnn(x, *weights)[:, -1], rtol=1e-3, atol=1e-4, mistakes=mistakes)


@graded(points=2)
def test_deep_rnn(submission, rng):
    network = deep_network(submission)
    for samples, timesteps in [(6, 50), (3, 7)]:
        weights = random_weights(rng, DEEP_SHAPES)
        x = rng.normal(size=(samples, timesteps, 1))
        weights[-1] -= np.median(deep_rnn(x, weights))  # of both signs: a relu on them shows
        network.set_weights(weights)
        want = deep_rnn(x, weights)
        got = network.predict(x)
        require(np.ndim(got) < 3, "sequences")
        mistakes = {"tanh_at_the_end": np.tanh(want), "relu_at_the_end": relu(want)}
        assert_close(got, want, rtol=1e-3, atol=1e-3, mistakes=mistakes)


@graded(points=1, after=["simple_rnn", "deep_rnn"])
def test_compiled(submission):
    for name in ("build_simple_rnn", "build_deep_rnn"):
        settings = model(getattr(submission, name)()).compiled
        require(settings is not None, "missing", name=name)
        require(settings.optimizer == "adam", "optimizer", name=name, got=settings.optimizer)
        require(settings.loss == "mse", "loss", name=name, got=str(settings.loss))
        low, high = RATES
        require(
            low * 0.999 <= settings.learning_rate <= high * 1.001,
            "rate",
            name=name,
            got=settings.learning_rate,
        )


@graded(points=1, after=["naive", "linear"], hidden=True)
def test_other_lengths(submission, rng):
    for timesteps in (12, 3):
        x_train, y_train, x = linear_data(rng, timesteps)
        assert_close(submission.naive_forecast(x), x[:, -1])
        want = least_squares(x_train, y_train, x)
        assert_close(submission.linear_forecast(x_train, y_train, x), want, rtol=1e-4, atol=1e-4)


@graded(points=3, after=["naive", "linear", "compiled"], apart=True)
def test_comparison(submission, rng):
    x_train, y_train = noisy_series(rng, 2000)
    x, y = noisy_series(rng, 1000)
    naive = error(submission.naive_forecast(x), y)
    linear = error(submission.linear_forecast(x_train, y_train, x), y)
    seeds = rng.integers(2**31, size=2).tolist()

    network = model(submission.build_simple_rnn())
    network.set_weights([[[1.0]], [[0.0]], [0.0]])  # tanh of the last value: no luck or bad luck in the start
    network.train_steps(x_train, y_train, STEPS, batch_size=BATCH, seed=seeds[0])
    simple = error(network.predict(x), y)

    network = model(submission.build_deep_rnn())
    network.train_steps(x_train, y_train, STEPS, batch_size=BATCH, seed=seeds[1])
    deep = error(network.predict(x), y)

    # Errors with a learning rate of 0.005 from 118 random starts: naive 0.0190-0.0227, linear 0.0027-0.0032, one unit
    # 0.0121-0.0145 (0.61-0.67 of naive), deep 0.0031-0.0063 (0.23-0.47 of one unit). At the ends of RATES, 96 starts
    # each: one unit at most 0.75 of naive, deep at most 0.75 of one unit. Exponential tails fitted to the upper
    # tenths put at most 4 correct models in 10,000 above a bound. Untrained: one unit 0.95-0.99 of naive, deep more
    # than 4 times one unit; forecasting the mean: 0.14 and more.
    require(0.017 < naive < 0.025 and linear < 0.0045, "baselines", naive=naive, linear=linear)
    require(simple < 0.8 * naive, "simple", naive=naive, simple=simple)
    require(deep < 0.9 * simple, "deep", simple=simple, deep=deep)
    require(linear < 0.9 * simple, "baselines", naive=naive, linear=linear)
