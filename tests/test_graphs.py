"""What spares a worker's TensorFlow its optimizations changes no number that a learner's code or a grader sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed")

# What learners write: fit with rows shuffled, split and cut off, a dataset of their own, a loop over it in a traced function.
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

print(json.dumps([*history.values(), [float(x.numpy().sum()) for x in rows], [float(total(rows)), float(model.evaluate(X, y, verbose=0)[0])]]))
"""


def test_plain_graphs_and_datasets_give_the_same_numbers(tmp_path):
    program = tmp_path / "trained.py"  # in a file: TensorFlow reads the source of what it traces
    program.write_text(PROGRAM, encoding="utf-8")
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    told = [
        subprocess.run(
            [sys.executable, str(program), *names], env=quiet, capture_output=True, text=True, check=True
        )
        for names in ([], ["course.worker.graphs"])
    ]
    usual, plain = (json.loads(done.stdout) for done in told)
    for wanted, got in zip(usual, plain, strict=True):
        assert got == pytest.approx(wanted, rel=1e-6)  # float32 sums, in another order
