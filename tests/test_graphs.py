"""What a worker's TensorFlow and Keras leave out changes no number that a learner's code or a grader sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from course.worker.runtimes import RUNTIMES

# Found, not imported: whatever only collects these tests would wait for seconds.
pytestmark = pytest.mark.skipif(find_spec("tensorflow") is None, reason="TensorFlow is not installed")

# What learners write: fit with rows shuffled, split and cut off, other optimizers, a dataset of their own, a loop over it in a traced
# function, training and validation broken off.
PROGRAM = """
import importlib, json, sys
import numpy as np, tensorflow as tf, keras
for name in sys.argv[1:]:
    importlib.import_module(name)
keras.utils.set_random_seed(3)
draw = np.random.default_rng(0)
X, y = draw.normal(size=(150, 6)), draw.integers(2, size=150)
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dropout(0.3),
                          keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(X, y, validation_split=0.2, epochs=4, batch_size=32, verbose=0).history
rows = tf.data.Dataset.from_tensor_slices(X[:, 0]).shuffle(100, seed=4).map(lambda x: 2 * x, num_parallel_calls=2).batch(7).prefetch(2)

@tf.function
def total(dataset):
    found = tf.constant(0.0, tf.float64)
    for batch in dataset:
        found += tf.reduce_sum(batch)
    return found

@tf.function
def first():
    return next(iter(rows))

sums = []
for optimizer in (keras.optimizers.AdamW(0.01), keras.optimizers.Adam(0.01, clipnorm=0.5, use_ema=True), keras.optimizers.Nadam(0.01)):
    model.compile(optimizer=optimizer, loss="binary_crossentropy")
    sums.append(model.fit(X, y, epochs=2, batch_size=32, verbose=0).history["loss"])
class Ends(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = batch == 2 and self.params["epochs"] > 2
    def on_test_batch_end(self, batch, logs=None):
        self.model.stop_evaluating = batch == 1

batches = tf.data.Dataset.from_tensor_slices((X, y)).batch(50)
for data, settings in (((X, y), {"batch_size": 50, "epochs": 4}), ((batches,), {"epochs": 2}), ((batches.repeat(),), {"steps_per_epoch": 2, "epochs": 2}),
                       ((X, y), {"batch_size": 50, "steps_per_epoch": 2, "epochs": 1}), ((batches.repeat(),), {"steps_per_epoch": 4, "epochs": 3})):
    told = model.fit(*data, verbose=0, validation_data=(X[:90], y[:90]), validation_batch_size=45, callbacks=[Ends()], **settings).history
    sums += [told["loss"], told["val_loss"]]

class Half(keras.Sequential):
    def train_step(self, data):
        x, y = data[:2]
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        some = self.layers[-1].trainable_variables
        self.optimizer.apply(tape.gradient(loss, some), some)
        return {"loss": loss}

states = []
def parts(kind=keras.Sequential, first=True):
    return kind([*([keras.Input((6,))] if first else []), keras.layers.Dense(3), keras.layers.Dense(1)])
for made, frozen in ((parts(), False), (parts(Half), False), (parts(first=False), False), (parts(), True)):
    made.layers[0].trainable = not frozen
    made.compile(optimizer=keras.optimizers.Adam(0.01, weight_decay=0.1), loss="mse")
    sums.append([float(made.train_on_batch(X, y)) for _ in range(2)])
    made.layers[0].trainable = True
    try:
        sums.append(made.fit(X, y, epochs=2, verbose=0).history["loss"])
    except Exception as error:
        states.append(type(error).__name__)
    states += [variable.path for variable in [*made.optimizer.variables, *made.metrics_variables]]
for settings, labels in (({"metrics": ["accuracy", "mae", keras.metrics.AUC()]}, y), ({"metrics": ["acc"], "weighted_metrics": ["accuracy"]}, y),
                         ({"metrics": {"dense": ["accuracy"]}}, y), ({"metrics": ["nothing of the kind"]}, y),
                         ({"metrics": ["accuracy"]}, np.eye(2)[y])):
    made = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1 if labels.ndim == 1 else 2, activation="sigmoid", name="dense")])
    made.compile(optimizer="sgd", loss="binary_crossentropy", **settings)
    try:
        told = made.fit(X, labels, epochs=2, verbose=0, validation_data=(X, labels), sample_weight=np.arange(150.0)).history
        sums += told.values()
        states += [*told, *(variable.path for variable in made.metrics_variables)]
    except Exception as error:
        states += [type(error).__name__, str(error).splitlines()[0]]
model.save("kept.keras")
kept = keras.saving.load_model("kept.keras")
begun = [tf.reduce_sum(first()).numpy().item() for _ in range(2)]
sums += [[float(x.numpy().sum()) for x in rows] for _ in range(2)]
begun.append(tf.reduce_sum(tf.function(lambda: next(iter(rows)))()).numpy().item())
print(json.dumps([*history.values(), *sums, states, begun, [float(total(rows)), *(float(np.ravel(each.evaluate(X, y, verbose=0))[0]) for each in (model, kept))]]))
"""

# Fits of other kinds: data from a generator, outputs and inputs by two, weighted classes, several steps at once, evaluated first and
# compiled again, without a graph, a metric and an optimizer of one's own, an optimizer that two models share, labels that do not fit.
FITS = """
import importlib, json, sys
import numpy as np, tensorflow as tf, keras
from keras import layers
for name in sys.argv[1:]:
    importlib.import_module(name)
draw = np.random.default_rng(0)
X, y = draw.normal(size=(90, 6)).astype("float32"), draw.integers(2, size=90)

def network(units=1):
    last = layers.Dense(units, activation="sigmoid" if units == 1 else "softmax")
    return keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="relu"), layers.Dropout(0.2), last])

def two_outputs():
    entry = keras.Input((6,))
    return keras.Model(entry, [layers.Dense(1, name="a")(entry), layers.Dense(1, name="b")(entry)])

def two_inputs():
    entries = [keras.Input((6,)) for _ in range(2)]
    return keras.Model(entries, layers.Dense(1)(layers.Concatenate()(entries)))

def endless():
    while True:
        yield X[:30], y[:30]

class Distance(keras.metrics.Metric):
    def __init__(self):
        super().__init__(name="distance")
        self.sum = self.add_weight(name="sum", initializer="zeros")
    def update_state(self, targets, outputs, sample_weight=None):
        self.sum.assign_add(tf.reduce_sum(tf.abs(tf.cast(tf.reshape(targets, (-1, 1)), tf.float32) - outputs)))
    def result(self):
        return self.sum

class Summed(keras.optimizers.SGD):
    def build(self, variables):
        super().build(variables)
        self.sums = [keras.Variable(np.zeros(each.shape, "float32")) for each in variables]
    def update_step(self, gradient, variable, learning_rate):
        total = self.sums[self._get_variable_index(variable)]
        total.assign_add(gradient)
        variable.assign_sub(total * learning_rate)

class Warming(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.001 * (keras.ops.cast(step, "float32") + 1)

told, shared = [], keras.optimizers.Adam()
binary = {"loss": "binary_crossentropy", "metrics": ["accuracy"]}
for made, compiled, data, settings in (
    (network, {"optimizer": "adam", **binary}, (endless(),), {"steps_per_epoch": 3}),
    (two_outputs, {"optimizer": "adam", "loss": ["mse", "mae"], "metrics": {"a": ["mae"], "b": ["mse"]}}, (X, [y, y]), {}),
    (two_inputs, {"optimizer": keras.optimizers.SGD(0.1, momentum=0.9), "loss": "mse", "metrics": ["mae"]}, ([X, X], y), {}),
    (network, {"optimizer": "rmsprop", **binary}, (X, y), {"class_weight": {0: 1.0, 1: 3.0}, "validation_split": 0.2}),
    (network, {"optimizer": "sgd", "steps_per_execution": 2, **binary}, (X, y), {}),
    (network, {"optimizer": "adam", "run_eagerly": True, **binary}, (X, y), {}),
    (network, {"optimizer": Summed(0.1), "loss": "mse", "metrics": [Distance(), lambda a, b: tf.reduce_mean(b)]}, (X, y), {}),
    (network, {"optimizer": keras.optimizers.Adam(Warming()), **binary}, (X, y), {}),
    (network, {"optimizer": shared, "loss": "mse"}, (X, y), {}),
    (network, {"optimizer": shared, "loss": "mse"}, (X, y), {}),
    (lambda: network(3), {"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"]}, (X, y), {}),
):
    keras.utils.set_random_seed(3)
    model = made()
    model.compile(**compiled)
    try:
        told += [part for pair in model.fit(*data, verbose=0, epochs=2, **settings).history.items() for part in pair]
    except Exception as error:
        told += [type(error).__name__, str(error)[:100]]
    else:  # what did not get through its first step may have its optimizer's state already
        told += [variable.path for variable in [*model.metrics_variables, *model.optimizer.variables]]
keras.utils.set_random_seed(3)
model = network(3)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
told.append(model.evaluate(X, y, verbose=0))
told.append(len(model.optimizer.variables))
for again in (model.optimizer, keras.optimizers.Adam(0.1)):
    model.compile(again, "sparse_categorical_crossentropy", metrics=["acc"])
    told += model.fit(X, y, verbose=0, epochs=2).history.values()
print(json.dumps(told))
"""

# What predict is asked: recurrent layers, whole numbers, two outputs in a dict, a class of one's own with what it prints,
# batches of a size of one's own, one row, lists, no row, a shape that does not fit.
PREDICTIONS = """
import importlib, json, sys
import numpy as np, tensorflow as tf, keras
from keras import layers
for name in sys.argv[1:]:
    importlib.import_module(name)
keras.utils.set_random_seed(3)
draw = np.random.default_rng(0)

class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.last = layers.Dense(2)
    def call(self, x, training=False):
        return self.last(x) + (100.0 if training else 0.0)

class Stepped(Own):
    def predict_step(self, data):
        return {"twice": 2 * self(data)}

models = [keras.Sequential([keras.Input((3, 1)), kind(5), layers.Dense(1)]) for kind in (layers.SimpleRNN, layers.LSTM, layers.GRU)]
models.append(keras.Sequential([layers.Masking(0.0), layers.GRU(4, return_sequences=True, go_backwards=True),
                                layers.BatchNormalization(), layers.Dropout(0.5)]))
words = keras.Sequential([layers.Embedding(9, 4), layers.SimpleRNN(3)])
entry = keras.Input((2,))
two = keras.Model(entry, {"sum": layers.Dense(1)(entry), "same": entry})
asked = []
for model in models:
    asked += [(model, draw.normal(size=(rows, 3, 1)), {}) for rows in (1, 7, 32, 40)]
    asked.append((model, np.array([[[1.0], [0.0], [2.0]]]), {}))
asked += [(words, draw.integers(9, size=(4, 5)), {}), (words, draw.integers(9, size=(4, 5)).astype("int32"), {"batch_size": 3})]
asked += [(model, draw.normal(size=(6, 2)).astype(kind), settings) for model in (two, Own(), Stepped())
          for kind, settings in (("float64", {}), ("float16", {"batch_size": 4}), ("int64", {}), ("float32", {"steps": 2, "batch_size": 3}))]
asked += [(two, tf.ones((3, 2)), {}), (two, np.ones(2), {}), (two, [[1.0, 2.0]], {}), (two, np.ones((0, 2)), {}), (two, np.ones((2, 5)), {})]
told = []
for model, x, settings in asked:
    try:
        found = model.predict(x, verbose=0, **settings)
        told.append([[str(part.dtype), list(part.shape), part.tolist()] for part in keras.tree.flatten(found)])
    except Exception:  # of another kind perhaps: what is wrong with a shape is said by the call, not by a graph
        told.append("fails")
print(json.dumps(told))
"""


# Recurrent layers written out: of each kind what is Keras' own and what is not, alone and trained.
RECURRENT = """
import importlib, json, sys
import numpy as np, tensorflow as tf, keras
from keras import layers
for name in sys.argv[1:]:
    importlib.import_module(name)
keras.utils.set_random_seed(3)
draw = np.random.default_rng(0)
x, y = draw.normal(size=(6, 4, 3)).astype("float32"), draw.normal(size=(6, 1))
KINDS = layers.SimpleRNN, layers.GRU, layers.LSTM

class Shifted(layers.GRUCell):
    def call(self, inputs, states, training=False):
        output, states = super().call(inputs, states, training=training)
        return output + 1.0, states

class Own:
    def __eq__(self, other):  # so it has no hash
        return self is other
    def __call__(self, x):
        return keras.ops.tanh(2.0 * x)

def patched(layer):
    usual = layer.cell.call
    layer.cell.call = lambda inputs, states, training=False: usual(2.0 * inputs, states, training=training)
    return layer

def wired(kind, **settings):
    entry, start = keras.Input((4, 3)), [keras.Input((5,)) for _ in range(1 + (kind is layers.LSTM))]
    outputs = kind(5, unroll=True, return_state=True, **settings)(entry, initial_state=start)
    return keras.Model([entry, *start], outputs), [x, *(draw.normal(size=(6, 5)) for _ in start)]

def alone(layer, given=x):
    return keras.Sequential([keras.Input(batch_shape=given.shape), layer]), given

made = [alone(kind(5, unroll=True, **settings)) for kind in KINDS for settings in (
    {}, {"return_sequences": True}, {"activation": "relu"}, {"activation": None}, {"activation": "selu"}, {"go_backwards": True},
    {"use_bias": False}, {"dropout": 0.3}, {"recurrent_dropout": 0.3}, {"stateful": True}, {"dtype": "float64"},
    {"dtype": "mixed_bfloat16"}, {"kernel_regularizer": "l2", "recurrent_constraint": "unit_norm"})]
made += [alone(layer) for layer in (
    layers.GRU(5, unroll=True, reset_after=False), layers.GRU(5, unroll=True, recurrent_activation="hard_sigmoid"),
    layers.LSTM(5, unroll=True, recurrent_activation="tanh", unit_forget_bias=False),
    layers.GRU(5, unroll=True, activation=Own()), layers.RNN(Shifted(5), unroll=True), layers.RNN(layers.LSTMCell(5), unroll=True), patched(layers.LSTM(5, unroll=True)),
    layers.RNN([layers.GRUCell(4), layers.LSTMCell(5)], unroll=True), layers.RNN(layers.GRUCell(5, implementation=1), unroll=True),
    layers.Bidirectional(layers.GRU(5, unroll=True)))]
made += [wired(kind, **settings) for kind in KINDS for settings in ({}, {"return_sequences": True})]
masked = np.array(x)
masked[::2, 1] = 0
for kind in KINDS:
    made.append((keras.Sequential([keras.Input((4, 3)), layers.Masking(0.0), kind(5, unroll=True)]), masked))
told = []
for model, given in made:
    model.set_weights([draw.normal(scale=0.5, size=weight.shape) for weight in model.get_weights()])
    with tf.GradientTape() as tape:
        found = [keras.tree.flatten(model(given, training=training)) for training in (False, True)]
        loss = sum(tf.reduce_sum(tf.cast(each, "float32") ** 2) for part in found for each in part)
    told += [[str(each.dtype), list(each.shape), keras.ops.convert_to_numpy(each).astype(float).tolist()] for part in found for each in part]
    told += [keras.ops.convert_to_numpy(each).astype(float).tolist() for each in tape.gradient(loss, model.trainable_variables)]
for kind in KINDS:
    model = keras.Sequential([keras.Input((4, 3)), kind(5, unroll=True, return_sequences=True), kind(3, unroll=True), layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    told += [model.fit(x, y, epochs=3, batch_size=2, verbose=0).history["loss"], model.evaluate(x, y, verbose=0)]
    told += [weight.tolist() for weight in model.get_weights()] + [model.predict(x, verbose=0).tolist()]
    told += [model.jit_compile, kind(2, unroll=True)(x).numpy().tolist()]
layers.GRUCell.call = Shifted.call  # not that of Keras any more
layer = layers.GRU(5, unroll=True)
try:
    told.append(layer(x).numpy().tolist())
except TypeError:
    told.append("no cell of its own")
print(json.dumps(told))
"""


# Sums of order 10 of which little is left have float32's 6e-8 of what they were.
@pytest.mark.parametrize(
    ("text", "small"),
    [(PROGRAM, 1e-7), (FITS, 1e-7), (PREDICTIONS, 1e-7), (RECURRENT, 2e-6)],
    ids=["trained", "fits", "predicted", "recurrent"],
)
def test_what_is_left_out_changes_no_number(tmp_path, text, small):
    program = tmp_path / "program.py"  # in a file: TensorFlow reads the source of what it traces
    program.write_text(text, encoding="utf-8")
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    told = [
        subprocess.run(
            [sys.executable, str(program), *names],
            cwd=tmp_path,
            env=quiet,
            capture_output=True,
            text=True,
            check=True,
        )
        for names in ([], ["course.worker.graphs"])
    ]
    usual, plain = (json.loads(done.stdout) for done in told)
    assert len(usual) == len(plain)
    for wanted, got in zip(flat(usual), flat(plain), strict=True):
        assert got == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=2e-6, abs=small)), (
            usual,
            plain,
        )


WAITING = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print([name for name in ("sklearn", "matplotlib") if name in sys.modules])
import keras, numpy as np, tensorflow as tf
from sklearn.base import is_regressor
def build(X, y):
    model = keras.Sequential([keras.Input(X.shape[1:]), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model
made = [kind(build, fit_kwargs={"verbose": 0}) for kind in (keras.wrappers.SKLearnRegressor, tf.keras.wrappers.SKLearnRegressor)]
print([is_regressor(each.fit(np.eye(4), np.arange(4.0))) for each in made])
print(callable(keras.visualization.draw_bounding_boxes), {"wrappers", "visualization"} <= set(dir(keras)))
"""


def test_what_waits_is_there_once_it_is_used(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(WAITING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program), *RUNTIMES["keras"].imports],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "[True, True]", "True True"]


def flat(told):
    """Numbers and names one after the other; the tolerance is for float32 sums in another order."""
    return [each for part in told for each in flat(part)] if isinstance(told, list) else [told]
