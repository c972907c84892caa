"""How often a right or a wrong model of day 10 would be misjudged: `python -m benchmarks.thresholds [--starts 100]`.

Trains the three models from random starts as their graders do and prints where the prediction after 8, 9, 10 lies, after how
many epochs training was decided, and the same prediction of models that must not pass. No sandbox, no course command: figures
for the comment beside the threshold (graders.reference.recurrent_models).
"""

from __future__ import annotations

import argparse
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", TF_ENABLE_ONEDNN_OPTS="0")

import keras
import numpy as np

from course.worker.training import train_steps
from graders.reference.recurrent_models import ENOUGH, NEAR_11, TARGETS, WINDOWS

EPOCHS = {"SimpleRNN": 500, "LSTM": 300, "GRU": 300}


def built(first: keras.layers.Layer, widths: tuple[int, ...] = (128, 128, 32)) -> keras.Model:
    """The lecture's stack behind this layer."""
    hidden = [keras.layers.Dense(units, activation="relu") for units in widths]
    model = keras.Sequential([keras.Input((3, 1)), first, *hidden, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def after_ten(model: keras.Model) -> float:
    """The prediction after 8, 9, 10."""
    return float(np.ravel(model(np.array([[[8.0], [9.0], [10.0]]])))[0])


def main() -> None:
    """Print a row for each kind of model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=100)
    parser.add_argument("--kinds", nargs="+", default=list(EPOCHS), choices=list(EPOCHS))
    options = parser.parse_args()
    low, high = NEAR_11
    print("model                 starts  least  mean  deviation  most  outside  epochs")
    for kind in options.kinds:
        layer = getattr(keras.layers, kind)
        rows: dict[str, list[tuple[float, int]]] = {}
        for start in range(options.starts):
            keras.utils.set_random_seed(start)
            model = built(layer(128))
            rows.setdefault(f"{kind} untrained", []).append((after_ten(model), 0))
            made = train_steps(model, WINDOWS, TARGETS, EPOCHS[kind] * 7, 1, start, ENOUGH)
            rows.setdefault(kind, []).append((after_ten(model), len(made) // 7))
            if start < max(10, options.starts // 10):  # they train to the end
                frozen = built(keras.layers.Flatten())
                frozen.set_weights([np.zeros_like(weight) for weight in frozen.get_weights()])
                made = train_steps(frozen, WINDOWS, TARGETS, EPOCHS[kind] * 7, 1, start, ENOUGH)
                rows.setdefault("the targets' mean", []).append((after_ten(frozen), len(made) // 7))
        for name, found in rows.items():
            values, epochs = (np.array(part) for part in zip(*found, strict=True))
            outside = np.mean((values <= low) | (values >= high))
            print(
                f"{name:<21} {len(values):>6}  {values.min():5.2f} {values.mean():5.2f}  {values.std():9.3f}  {values.max():4.2f}"
                f"  {outside:7.2f}  {epochs.min()}-{epochs.max()}",
                flush=True,
            )


if __name__ == "__main__":
    main()
