"""What a compiled model says of itself, however its losses, metrics and optimizer were written."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys, types
import keras, numpy as np
from course.grading import settings as names
from course.worker import adam as quick, graphs, keras_operations, keras_settings, training

rng = np.random.default_rng()  # any samples and gradients tell them apart
drawn, given = names.samples(rng), names.gradients(rng)
def compiled(model):
    said = keras_settings.compiled(model, drawn, given)
    named = names.named(json.loads(json.dumps(said)), drawn, given) if said else None
    return vars(named) if named else None

def own_mse(y, p): return keras.ops.mean((y - p) ** 2)
def rmse(y, p): return keras.ops.sqrt(keras.ops.mean((y - p) ** 2))
def right(y, p): return keras.ops.mean(keras.ops.equal(y, keras.ops.cast(p > 0.5, "float32")))
class Descends(keras.optimizers.Adam):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(gradient * learning_rate)
class Forged(Descends):
    from_config = classmethod(lambda cls, config: keras.optimizers.Adam(**config))
Forged.__module__, Forged.__name__ = keras.optimizers.Adam.__module__, "Adam"
class Warming(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step): return 0.001 * (keras.ops.cast(step, "float32") + 1)
    def get_config(self): return {}
class Bare(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step): return 0.003
patched = keras.optimizers.Adam(0.001)
patched.update_step = types.MethodType(Descends.update_step, patched)
class Subclass(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = keras.layers.SimpleRNN(8), keras.layers.Dense(1)
    def call(self, x): return self.out(self.rnn(x))

def settings(**given):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name="output")])
    model.compile(**{"optimizer": "adam", "loss": "mse", **given})
    return compiled(model)

losses = {
    "MSE": "MSE", "list": ["mse"], "dict": {"output": "mse"}, "function": keras.losses.mean_squared_error, "own": own_mse,
    "object": keras.losses.MeanSquaredError(name="오차"), "bce": "bce", "logits": keras.losses.BinaryCrossentropy(from_logits=True),
    "smoothed": keras.losses.BinaryCrossentropy(label_smoothing=0.2), "rmse": rmse, "mae": "MAE", "cce": "categorical_crossentropy",
    "scce": keras.losses.SparseCategoricalCrossentropy(), "huber": keras.losses.Huber(),
}
metrics = {
    "acc": "acc", "accuracy": "accuracy", "named": keras.metrics.BinaryAccuracy(name="정확도"), "trap": keras.metrics.Accuracy(),
    "own": right, "function": keras.metrics.binary_accuracy, "mae": "mae", "threshold": keras.metrics.BinaryAccuracy(threshold=0.9),
}
optimizers = {
    "string": "Adam", "object": keras.optimizers.Adam(0.01), "schedule": keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.02, 10, 0.9)),
    "sgd": keras.optimizers.SGD(), "momentum": keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "betas": keras.optimizers.Adam(0.0002, beta_1=0.5, clipnorm=1.0, weight_decay=0.01), "amsgrad": keras.optimizers.Adam(amsgrad=True),
    "centered": keras.optimizers.RMSprop(0.01, centered=True, momentum=0.5), "other": keras.optimizers.Nadam(),
    "subclass": type("Mine", (keras.optimizers.Adam,), {})(0.002), "descends": Descends(0.001), "forged": Forged(0.001), "patched": patched, "warming": keras.optimizers.Adam(Warming()), "bare": keras.optimizers.SGD(Bare(), momentum=0.9), "function": keras.optimizers.Adam(lambda: 0.004), "wrapped": keras.optimizers.LossScaleOptimizer(keras.optimizers.RMSprop(0.005)),
}
fixed = keras.Sequential([keras.Input((3, 1), batch_size=4), keras.layers.SimpleRNN(2), keras.layers.Dense(1)])
called = keras.Sequential([keras.layers.Dense(2)])
called(np.zeros((7, 3)))
built = Subclass()
built.build((None, 3, 1))
keras_operations.settle(built)
def single(inputs, outputs, loss):
    entry = keras.Input((3, 1))
    end = keras.layers.Dense(1, name="output")(keras.layers.SimpleRNN(4)(entry))
    model = keras.Model(inputs(entry), outputs(end))
    model.compile("adam", loss)
    described = keras_operations.describe(model)
    losses = keras_operations.train_steps(model, x, np.zeros((6, 1)), 3)
    return [described["input_shape"], described["output_shape"], keras_operations.predict(model, x).shape, compiled(model)["loss"], len(losses)]
trained = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
trained.compile("adam", "mse")
trained.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
state = lambda: [np.array(value).tolist() for value in [*trained.weights, *trained.optimizer.variables]]
before = state()
asked = [compiled(trained)["optimizer"], state() == before]
unbuilt = keras.Sequential([keras.layers.Dense(2)])
unbuilt.compile("rmsprop", "mse")
dropping = keras.Sequential([keras.Input((5,)), keras.layers.Dropout(0.5)])
x = np.random.default_rng(0).normal(size=(6, 3, 1))
def recurrent(steps):
    training._MOST_UNROLLED = steps
    keras.utils.set_random_seed(1)
    inner = keras.Sequential([keras.Input((3, 4)), keras.layers.GRU(3)])
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.LSTM(4, return_sequences=True),
                              keras.layers.SimpleRNN(4, return_sequences=True, unroll=True), inner, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    losses = keras_operations.train_steps(model, x, np.ones((6, 1)), 12)
    return [losses.tolist(), [layer.unroll for layer in (*model.layers[:2], *inner.layers)]]
def steps_of(optimizer, apply, **options):
    # Losses, weights and the optimizer's own numbers after some steps of training: as Keras makes them, or a worker.
    keras.optimizers.Adam._backend_update_step = quick.usual if apply else quick.step
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(2, **options), keras.layers.Dense(1)])
    model.compile(optimizer(), "mse")
    losses = [keras_operations.train_steps(model, x[:, :, 0], x.sum(axis=1), steps, 2, 5) for steps in (7, 20)]
    return [float(value) for part in (*losses, *model.get_weights(), *map(np.array, model.optimizer.variables)) for value in np.ravel(part)]
adam = keras.optimizers.Adam
stepping = {
    "adam": adam, "string": lambda: "adam", "set": lambda: adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3), "amsgrad": lambda: adam(0.01, amsgrad=True),
    "clipped": lambda: adam(0.01, clipnorm=0.01), "schedule": lambda: adam(keras.optimizers.schedules.ExponentialDecay(0.02, 3, 0.5)),
    "averaged": lambda: adam(0.01, use_ema=True, ema_overwrite_frequency=5), "accumulated": lambda: adam(0.01, gradient_accumulation_steps=2),
    "decayed": lambda: keras.optimizers.AdamW(0.01), "sgd": lambda: keras.optimizers.SGD(0.01), "subclass": lambda: type("Mine", (adam,), {})(0.01),
}
print(json.dumps({
    "steps": {name: [steps_of(made, True), steps_of(made, False)] for name, made in stepping.items()}
             | {"constraint": [steps_of(adam, apply, kernel_constraint=keras.constraints.NonNeg()) for apply in (True, False)]},
    "losses": {name: settings(loss=loss)["loss"] for name, loss in losses.items()},
    "metrics": {name: settings(metrics=[metric])["metrics"] for name, metric in metrics.items()},
    "nested": settings(metrics={"output": ["acc", "mae"]})["metrics"],
    "none": [settings()["metrics"], compiled(called), settings(loss=None)["loss"]],
    "optimizers": {name: [settings(optimizer=o)[key] for key in ("optimizer", "learning_rate")] for name, o in optimizers.items()},
    "asked": [*asked, compiled(unbuilt)["optimizer"]],
    "fixed": [keras_operations.describe(fixed)["input_shape"], keras_operations.predict(fixed, x).shape,
              bool(np.allclose(keras_operations.predict(fixed, x)[:4], fixed(x[:4]), atol=1e-6))],
    "single": [single(*how) for how in (
        (lambda i: [i], lambda o: [o], ["mse"]), (lambda i: i, lambda o: {"output": o}, {"output": "mse"}),
        (lambda i: [i], lambda o: o, {"output": "MSE"}), (lambda i: i, lambda o: [o], own_mse),
    )],
    "recurrent": [recurrent(0), recurrent(16)],
    "called": keras_operations.describe(called)["input_shape"],
    "built": [keras_operations.describe(built)["parameters"], [layer["parameters"] for layer in keras_operations.describe(built)["layers"]]],
    "training": [float(np.mean(keras_operations.predict(dropping, np.ones((200, 5)), mode) == 0)) for mode in (False, True)],
}))
"""


@pytest.fixture(scope="module")
def said():
    environment = {
        **os.environ,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_losses_are_told_by_what_they_compute(said):
    assert said["losses"] == {
        **dict.fromkeys(("MSE", "list", "dict", "function", "own", "object"), "mse"),
        "bce": "binary_crossentropy",
        "logits": "binary_crossentropy (from_logits=True)",
        "smoothed": "BinaryCrossentropy",
        "rmse": "rmse",
        "mae": "mae",
        "cce": "categorical_crossentropy",
        "scce": "sparse_categorical_crossentropy",
        "huber": "huber",
    }


def test_metrics_are_told_by_what_they_compute(said):
    assert said["metrics"] == {
        "acc": ["accuracy"],
        "accuracy": ["accuracy"],
        "named": ["binary_accuracy"],
        "trap": ["Accuracy"],  # compares for equality: no probability equals its label
        "own": ["binary_accuracy"],
        "function": ["binary_accuracy"],
        "mae": ["mae"],
        "threshold": ["BinaryAccuracy"],
    }
    assert said["nested"] == ["accuracy", "mae"]
    assert said["none"] == [[], None, None]


def test_optimizers_and_their_rates(said):
    assert {name: kind for name, (kind, _) in said["optimizers"].items()} == {
        "string": "adam", "object": "adam", "schedule": "adam", "sgd": "sgd", "wrapped": "rmsprop", "momentum": "sgd",
        "betas": "adam", "amsgrad": "adam", "centered": "rmsprop", "other": "nadam", "subclass": "adam",
        "descends": "adam (own update)", "forged": "adam (own update)",
        "patched": "adam (own update)", "warming": "adam", "bare": "sgd", "function": "adam",
    }  # fmt: skip
    rates = {name: rate for name, (_, rate) in said["optimizers"].items()}
    assert rates == pytest.approx(
        {"string": 0.001, "object": 0.01, "schedule": 0.02, "sgd": 0.01, "wrapped": 0.005, "momentum": 0.1, "betas": 0.0002,
         "amsgrad": 0.001, "centered": 0.01, "other": 0.001, "subclass": 0.002, "descends": 0.001, "forged": 0.001,
         "patched": 0.001, "warming": 0.001, "bare": 0.003, "function": 0.004}
    )  # fmt: skip


def test_asking_leaves_weights_and_optimizer_as_they_were(said):
    assert said["asked"] == ["adam", True, "rmsprop"]


def test_only_the_batch_axis_is_left_open(said):
    assert said["fixed"] == [[None, 3, 1], [6, 1], True]
    assert said["called"] == [None, 3]


def test_one_input_and_one_output_may_stand_in_a_list_or_a_dict(said):
    assert said["single"] == [[[None, 3, 1], [None, 1], [6, 1], "mse", 3]] * 4


def test_a_model_built_by_its_shape_alone_has_its_weights(said):
    assert said["built"] == [89, [80, 9]]


def test_dropout_is_at_work_in_training_mode_only(said):
    inference, training = said["training"]
    assert inference == 0
    assert 0.4 < training < 0.6


def test_unrolled_layers_make_the_same_steps_and_are_put_back(said):
    (rolled, before), (unrolled, after) = said["recurrent"]
    assert unrolled == pytest.approx(rolled, rel=1e-4)  # float32, summed in another order
    assert before == after == [False, True, False]


def test_every_optimizer_makes_the_steps_that_keras_makes(said):
    assert len(said["steps"]) == 12
    for name, (keras_own, ours) in said["steps"].items():
        assert ours == pytest.approx(keras_own, rel=1e-4, abs=5e-6), (
            name
        )  # float32, in another order, 27 steps
