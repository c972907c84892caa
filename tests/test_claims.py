"""Keras exercises: what a learner's process says of itself earns nothing, beyond what an honest wrong answer has."""

from __future__ import annotations

import pytest

from course.processes import zygotes
from tests.conftest import solution

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

RIGHT = """
def right():
    return keras.Sequential([keras.Input((3, 1)), keras.layers.LSTM(128), keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(128, activation="relu"), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1)])
"""
HONEST = """
import keras, numpy as np
def wrong():
    return keras.Sequential([keras.Input((3, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
def build_model():
    model = wrong()
    model.compile("sgd", "mae")
    return model
def predict_next(model, last_three): return 11.0
def forget_bias(model): return np.ones(128)
"""
SUBCLASS = """
real = right()
class Claims(keras.Sequential):
    layers = property(lambda self: real.layers)
    input_shape, output_shape = (None, 3, 1), (None, 1)
    weights = property(lambda self: real.weights)
    def count_params(self): return 103745
    def get_weights(self): return real.get_weights()
    def set_weights(self, weights): pass
    def get_config(self): return real.get_config()
    def to_json(self, **_): return real.to_json()
def build_model():
    model = Claims([keras.Input((3, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mae")
    return model
"""
PATCHED_KERAS = """
real = right()
for name in ("layers", "input_shape", "output_shape"):
    setattr(keras.Sequential, name, property(lambda self, name=name: getattr(Real, name)(real)))
class Real:
    layers = staticmethod(lambda model: model._layers[:]); input_shape = staticmethod(lambda _: (None, 3, 1))
    output_shape = staticmethod(lambda _: (None, 1))
keras.Model.count_params = lambda self: 103745
keras.Model.get_weights = lambda self: [np.zeros(s) for s in
    ((1, 512), (128, 512), (512,), (128, 128), (128,), (128, 128), (128,), (128, 32), (32,), (32, 1), (1,))]
keras.Model.set_weights = lambda self, weights: None
text = real.to_json()
keras.Model.to_json = lambda self, **_: text
"""
# The worker's own table of what it answers, replaced.
REPLACED_TABLE = """
import sys
real = right()
models = sys.modules["course.worker.keras_operations"]
table = dict(models.OPERATIONS)
table["describe"] = lambda model, ask=models.describe: ask(real)
table["get_weights"] = lambda model: real.get_weights()
table["set_weights"] = lambda model, weights: None
table["configuration"] = lambda model: real.to_json()
table["predict"] = lambda model, x, training=False: np.zeros((len(x), 1))
table["compiled"] = lambda model, samples, gradients: {
    "optimizer": "adam", "learning_rate": 0.001, "parameters": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False},
    "rates": [0.001] * 3, "steps": [(-0.001, -0.001)] * 3,
    "losses": [{"name": "mse", "values": {"numbers": 1.0}}], "metrics": [{"name": "accuracy", "values": {}}]}
models.OPERATIONS = table
"""
OWN_LAYERS = """
class LSTM(keras.layers.Layer):
    def build(self, shape):
        for rows in ((1, 512), (128, 512), (512,)): self.add_weight(shape=rows)
    def call(self, x): return keras.ops.zeros((keras.ops.shape(x)[0], 128))
def build_model():
    model = keras.Sequential([keras.Input((3, 1)), LSTM(), keras.layers.Dense(128), keras.layers.Dense(128),
        keras.layers.Dense(32), keras.layers.Dense(1)])
    model.compile("sgd", "mae")
    return model
"""
COUNTED_MODEL = """
class Claims(keras.Model):
    def __init__(self):
        super().__init__()
        self.kept = [self.add_weight(shape=weight.shape, initializer="glorot_uniform") for weight in real.weights]
        self.built = True
    layers = property(lambda self: real.layers)
    def call(self, x): return keras.ops.sum(x, axis=1) * 0 + keras.ops.sum(self.kept[-1])
real = right()
def build_model():
    model = Claims()
    model.compile("sgd", "mae")
    return model
"""


@pytest.fixture(scope="module")
def honest(grade):
    return grade("lstm_model", HONEST).points


# A class that says it stands in Keras, under the names that are looked for.
NAMED_INTO_KERAS = """
Spoof = type("Sequential", (keras.Sequential,), {"__module__": "keras.src.models.sequential",
    "layers": property(lambda self: right().layers), "get_config": lambda self: right().get_config(),
    "count_params": lambda self: 103745, "input_shape": (None, 3, 1), "output_shape": (None, 1),
    "get_weights": lambda self: right().get_weights(), "set_weights": lambda self, weights: None})
Adam = type("Adam", (keras.optimizers.SGD,), {"__module__": "keras.src.optimizers.adam"})
def build_model():
    model = Spoof([keras.Input((3, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(Adam(0.001), "mae")
    return model
"""


@pytest.mark.parametrize(
    "claims", [SUBCLASS, NAMED_INTO_KERAS, PATCHED_KERAS, REPLACED_TABLE, OWN_LAYERS, COUNTED_MODEL],
    ids=["subclass", "named into keras", "patched keras", "replaced table", "layers by name", "weights without layers"],
)  # fmt: skip
def test_what_a_model_says_of_itself_earns_nothing(grade, honest, claims):
    result = grade("lstm_model", HONEST + RIGHT + claims)
    assert result.points == honest == 0, [(test.name, test.status, test.text()) for test in result.tests]


DESCENDS = """
class Adam(keras.optimizers.Adam):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(gradient * learning_rate)
"""


def test_an_adam_that_descends_plainly_is_none(grade):
    source = solution("lstm_model") + "\n\nimport keras\n" + DESCENDS
    source += "\n\n_build = build_model\n\ndef build_model():\n    model = _build()\n    model.compile(Adam(), 'mse')\n    return model\n"
    tests = {test.name: test for test in grade("lstm_model", source).tests}
    assert tests["compiled"].status == "failed"
    assert "own update" in tests["compiled"].text()
    assert tests["formula"].status == "passed"


# Partial answers of people: the layers are right, and stay so.
def test_a_right_stack_with_a_wrong_activation_keeps_its_points(grade):
    source = solution("lstm_model").replace('activation="relu"', 'activation="tanh"')
    status = {test.name: test.status for test in grade("lstm_model", source).tests}
    assert [status[name] for name in ("layers", "parameters", "formula", "compiled")] == [
        "passed", "passed", "failed", "passed",
    ]  # fmt: skip


FUNCTIONAL = """
import keras

def build_model():
    entry = keras.Input((3, 1))
    x = keras.layers.LSTM(128)(entry)
    for units in (128, 128, 32):
        x = keras.layers.Dense(units, activation="tanh")(x)
    model = keras.Model(entry, keras.layers.Dense(1)(x))
    model.compile("adam", "mse")
    return model
"""


def test_so_does_a_functional_model(grade):
    source = solution("lstm_model") + FUNCTIONAL
    status = {test.name: test.status for test in grade("lstm_model", source).tests}
    assert [status[name] for name in ("layers", "parameters", "formula")] == ["passed", "passed", "failed"]


OWN_CLASS = """
import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.last = keras.layers.LSTM(128), keras.layers.Dense(1)
        self.between = [keras.layers.Dense(units, activation="tanh") for units in (128, 128, 32)]

    def call(self, x):
        x = self.first(x)
        for layer in self.between:
            x = layer(x)
        return self.last(x)

def build_model():
    model = Net()
    model(np.zeros((1, 3, 1)))
    model.compile("adam", "mse")
    return model
"""


def test_a_class_of_ones_own_is_told_the_values_it_waits_for(grade):
    tests = {test.name: test for test in grade("lstm_model", solution("lstm_model") + OWN_CLASS).tests}
    said = tests["layers"].text()
    assert tests["layers"].status == "failed"
    assert "Expected" in said
    assert "count as soon as the model computes the right values" in said
    right = OWN_CLASS.replace('"tanh"', '"relu"')
    assert grade("lstm_model", solution("lstm_model") + right).status == "passed"


INVENTED = """
import keras, numpy as np
def train(model, X_train, y_train, X_val, y_val, path, epochs=100):
    steps = -(-len(X_train) // 128)
    def loss():
        p = np.clip(np.asarray(model(np.asarray(X_val, "float32")))[:, 0], 1e-7, 1 - 1e-7)
        return float(-np.mean(y_val * np.log(p) + (1 - y_val) * np.log(1 - p)))
    now = loss()
    count = epochs if epochs < 11 else 11
    model.optimizer.iterations.assign(count * steps)
    model.save(path)
    rising = [now + 0.01 * k for k in range(count)]
    return {"loss": rising, "val_loss": rising, "accuracy": [0.9] * count, "val_accuracy": [0.9] * count}
def best_epoch(history): return 0, 0.0
"""
# The same with weights that changed a little, as if by training.
NUDGED = INVENTED.replace(
    "    now = loss()", "    model.set_weights([w + 0.01 for w in model.get_weights()])\n    now = loss()"
)
# All that learned code can do to the counter, the file and the history, none of it trained on the rows.
OTHER_ROWS = INVENTED.replace(
    "    now = loss()", "    model.fit(X_val, y_val, epochs=3, verbose=0)\n    now = loss()"
)


@pytest.mark.parametrize("source", [INVENTED, NUDGED, OTHER_ROWS], ids=["invented", "nudged", "other rows"])
def test_an_invented_training_earns_nothing(grade, source):
    result = grade("airline_train", source)
    assert result.points == 0, [(test.name, test.status) for test in result.tests]


def test_counting_steps_without_training_earns_nothing(grade):
    source = (
        solution("airline_evaluate")
        + """

def fit_predict(model, train, X_train, y_train, X_val, y_val, X_test):
    model.optimizer.iterations.assign_add(6)
    return np.full(len(X_test), 0.5)
"""
    )
    tests = {test.name: test for test in grade("airline_evaluate", source).tests}
    assert tests["fit_predict"].status == tests["accuracy"].status == "failed"
