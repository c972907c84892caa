"""The NumPy recurrent layers against Keras itself, for random weights."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from graders.reference import recurrent

# Keras computes in float32: each step rounds sums of units + features products (relative error about 6e-8
# each) and states stay within (-1, 1), so with at most 33 terms, 9 steps and weights of size 1/√n the results
# differ by a few 1e-7. 2e-6 leaves room for other BLAS builds; a wrong gate, order or missing bias shows at
# 1e-2 and above.
TOLERANCE = {"rtol": 0, "atol": 2e-6}
SIZES = [(1, 1, 1), (1, 3, 4), (4, 3, 1), (3, 5, 7), (2, 9, 24)]  # features, timesteps, units
BATCH = 6


def layer_with_weights(layer, features, timesteps, rng):
    """The layer, built, and the random weights it was given (float64 copies of its float32 values)."""
    layer.build((None, timesteps, features))
    weights = recurrent.random_weights(rng, [variable.shape for variable in layer.weights])
    layer.set_weights(weights)
    return layer, [weight.astype(float) for weight in weights]


def inputs(rng, features, timesteps):
    return rng.normal(size=(BATCH, timesteps, features)).astype(np.float32)


@pytest.fixture(scope="module")
def keras():
    """Imported by the tests that use it: whatever only collects them would wait for seconds."""
    return pytest.importorskip("keras")


@pytest.fixture
def rng():
    return np.random.default_rng(20100)


@pytest.mark.parametrize(("features", "timesteps", "units"), SIZES)
def test_simple_rnn_agrees_with_keras(keras, rng, features, timesteps, units):
    layer, weights = layer_with_weights(
        keras.layers.SimpleRNN(units, return_sequences=True), features, timesteps, rng
    )
    xs = inputs(rng, features, timesteps)
    assert_allclose(recurrent.simple_rnn(xs.astype(float), *weights), layer(xs), **TOLERANCE)


@pytest.mark.parametrize(("features", "timesteps", "units"), SIZES)
def test_lstm_agrees_with_keras_in_both_layouts(keras, rng, features, timesteps, units):
    layer, weights = layer_with_weights(
        keras.layers.LSTM(units, return_sequences=True, return_state=True), features, timesteps, rng
    )
    xs = inputs(rng, features, timesteps)
    states, last_h, last_c = (np.asarray(value) for value in layer(xs))
    hidden, cell = recurrent.keras_lstm(xs.astype(float), *weights)
    assert_allclose(hidden, states, **TOLERANCE)
    assert_allclose(hidden[:, -1], last_h, **TOLERANCE)
    assert_allclose(cell[:, -1], last_c, **TOLERANCE)

    W, b = recurrent.lstm_lecture_weights(*weights)
    assert W.shape == (4, units, units + features)
    assert b.shape == (4, units)
    for row, sequence in enumerate(xs.astype(float)):
        hidden, cell = recurrent.lstm(sequence, W, b)
        assert_allclose(hidden, states[row], **TOLERANCE)
        assert_allclose(cell[-1], last_c[row], **TOLERANCE)


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize(("features", "timesteps", "units"), SIZES)
def test_gru_agrees_with_keras_in_both_layouts(keras, rng, features, timesteps, units, reset_after):
    layer, weights = layer_with_weights(
        keras.layers.GRU(units, return_sequences=True, reset_after=reset_after), features, timesteps, rng
    )
    xs = inputs(rng, features, timesteps)
    states = np.asarray(layer(xs))
    assert_allclose(recurrent.keras_gru(xs.astype(float), *weights), states, **TOLERANCE)

    W, U, b, b_rec = recurrent.gru_stacked_weights(*weights)
    assert W.shape == (3, units, features)
    assert U.shape == (3, units, units)
    assert (b_rec is not None) == reset_after
    for row, sequence in enumerate(xs.astype(float)):
        assert_allclose(recurrent.gru(sequence, W, U, b, b_rec), states[row], **TOLERANCE)


def test_the_example_of_rnn_forward_is_what_keras_returns(keras):
    layer = keras.layers.SimpleRNN(2, return_sequences=True)
    layer.build((None, 3, 1))
    layer.set_weights([np.array(w) for w in ([[0.5, -1.0]], [[0.2, 0.6], [-0.4, 0.8]], [0.1, -0.2])])
    states = layer(np.array([[[1.0], [0.0], [-1.0]]]))
    want = [[0.53704957, -0.83365461], [0.49364757, -0.49653288], [-0.10229823, 0.60370866]]
    assert_allclose(states[0], want, **TOLERANCE)


def test_states_given_at_the_start_are_used_as_keras_uses_them(keras, rng):
    features, timesteps, units = 3, 4, 5
    xs = inputs(rng, features, timesteps)
    h, c = rng.normal(size=(2, BATCH, units)).astype(np.float32)
    for kind, build, start in [
        (recurrent.simple_rnn, keras.layers.SimpleRNN, [h]),
        (recurrent.keras_gru, keras.layers.GRU, [h]),
        (lambda *args: recurrent.keras_lstm(*args)[0], keras.layers.LSTM, [h, c]),
    ]:
        layer, weights = layer_with_weights(build(units, return_sequences=True), features, timesteps, rng)
        states = layer(xs, initial_state=start if len(start) > 1 else start[0])
        assert_allclose(kind(xs.astype(float), *weights, *start), states, **TOLERANCE)


def test_jacobians_agree_with_automatic_differentiation(keras, rng):
    tensorflow = pytest.importorskip("tensorflow")
    features, timesteps, units = 2, 5, 4
    layer, weights = layer_with_weights(
        keras.layers.SimpleRNN(units, return_sequences=True), features, timesteps, rng
    )
    xs = inputs(rng, features, timesteps)[:1]
    start = tensorflow.zeros((1, units))
    with tensorflow.GradientTape() as tape:
        tape.watch(start)
        states = layer(xs, initial_state=start)
    want = tape.jacobian(states, start)[0, :, :, 0, :]
    assert_allclose(recurrent.simple_rnn_jacobians(xs[0].astype(float), *weights), want, **TOLERANCE)


@pytest.mark.parametrize("max_norm", [0.5, 3.0, 100.0])
def test_clipping_agrees_with_keras_global_clipnorm(keras, rng, max_norm):
    gradients = [rng.normal(size=shape).astype(np.float32) for shape in [(3, 4), (4,), (2, 2, 2)]]
    variables = [keras.Variable(np.zeros_like(gradient)) for gradient in gradients]
    optimizer = keras.optimizers.SGD(1.0, global_clipnorm=max_norm)
    optimizer.apply(gradients, variables)
    for clipped, variable in zip(recurrent.clip_by_global_norm(gradients, max_norm), variables, strict=True):
        assert_allclose(clipped, -variable.numpy(), **TOLERANCE)


def test_lstm_layouts_are_inverses(rng):
    kernel, recurrent_kernel, bias = recurrent.random_weights(rng, [(3, 20), (5, 20), (20,)])
    back = recurrent.lstm_keras_weights(*recurrent.lstm_lecture_weights(kernel, recurrent_kernel, bias))
    for got, want in zip(back, (kernel, recurrent_kernel, bias), strict=True):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(
    ("kind", "layer", "alone", "total"),
    [
        ("simple_rnn", "SimpleRNN", 16_640, 53_825),
        ("lstm", "LSTM", 66_560, 103_745),
        ("gru", "GRU", 50_304, 87_489),
    ],
)
def test_the_lectures_models(keras, rng, kind, layer, alone, total):
    model = keras.Sequential(
        [
            keras.Input((3, 1)),
            getattr(keras.layers, layer)(128),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    count = getattr(recurrent, f"{kind}_parameters")(128, 1)
    dense = [recurrent.dense_parameters(*sizes) for sizes in [(128, 128), (128, 128), (32, 128), (1, 32)]]
    assert model.layers[0].count_params() == count == alone
    assert model.count_params() == count + sum(dense) == total

    weights = recurrent.random_weights(rng, [weight.shape for weight in model.get_weights()])
    model.set_weights(weights)
    xs = inputs(rng, 1, 3)
    want = model.predict(xs, verbose=0)
    # Four more layers of sums of 128 products, values of size 1 to 3: float32 differs by about 1e-6.
    assert_allclose(recurrent.recurrent_model(kind, xs, weights), want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize(("units", "features"), [(1, 1), (5, 3), (3, 5)])
def test_parameter_counts_agree_with_keras(keras, units, features, reset_after):
    for layer, count in [
        (keras.layers.SimpleRNN(units), recurrent.simple_rnn_parameters(units, features)),
        (keras.layers.LSTM(units), recurrent.lstm_parameters(units, features)),
        (
            keras.layers.GRU(units, reset_after=reset_after),
            recurrent.gru_parameters(units, features, reset_after),
        ),
    ]:
        layer.build((None, 4, features))
        assert layer.count_params() == count


def test_sigmoid_does_not_overflow():
    with np.errstate(all="raise"):
        assert_allclose(recurrent.sigmoid(np.array([-1000.0, 0.0, 1000.0])), [0, 0.5, 1])


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="unknown recurrent layer 'rnn'"):
        recurrent.all_states("rnn", np.zeros((1, 3, 1)), *[np.zeros((1, 1))] * 3)
    with pytest.raises(ValueError, match="2 Dense layers have 4 arrays, not 2"):
        recurrent.dense_stack(np.zeros((1, 2)), [np.zeros((2, 2)), np.zeros(2)], ["relu", "linear"])
