"""Grader of day09/airline_train."""

import math

import numpy as np
import pytest

from course.airline import generated
from course.grading import assert_close, graded, require, unchanged, unpack
from course.reference import airline

PATIENCE, BATCH, EPOCHS = 10, 128, 100
KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")
SMALL = (("Dense", {"units": 16, "activation": "relu"}), ("Dense", {"units": 1, "activation": "sigmoid"}))
TRAIN_SECONDS = 180
# Keras reports losses computed in float32, batch by batch.
TOLERANCE = 1e-3


def noisy(rng, rows, weights, flipped):
    """Rows whose labels a line decides, but for the share that is flipped."""
    X = rng.normal(size=(rows, len(weights)))
    y = (X @ weights > 0).astype(int)
    wrong = rng.permutation(rows)[: int(flipped * rows)]
    y[wrong] = 1 - y[wrong]
    return X, y


class Run:
    """One training by the learner's function: what went in, the history, and the model afterwards."""

    def __init__(self, submission, model, data, path, epochs=None):
        self.model, self.data, self.path = model, data, path
        before = model.steps
        arguments = (model, *data, path) if epochs is None else (model, *data, path, epochs)
        history = submission.train.within(TRAIN_SECONDS)(*arguments)
        require(isinstance(history, dict), "no_history")
        absent = [key for key in KEYS if key not in history]
        require(not absent, "absent", names=", ".join(absent))
        self.history = {key: np.asarray(history[key], dtype=float) for key in KEYS}
        self.losses = self.history["val_loss"]
        self.epochs = len(self.losses)
        self.best = int(np.argmin(self.losses)) + 1
        self.steps = model.steps - before

    def loss(self, X, y, model=None):
        """The cross-entropy of the model as it is now."""
        return airline.binary_crossentropy(y, (model or self.model).predict(X)[:, 0])


@pytest.fixture(scope="module")
def small_run(submission):
    """A training that has to stop early, shared by the tests that look at it."""
    runs = {}

    def run(rng):
        if not runs:
            weights = rng.normal(size=6)
            data = (*noisy(rng, 2 * BATCH + 1, weights, 0.1), *noisy(rng, 200, weights, 0.3))
            model = submission.keras_model(6, SMALL, learning_rate=0.005)
            runs[0] = Run(submission, model, data, f"best_{rng.integers(1000)}.keras")
        return runs[0]

    return run


def check_short(submission, rng, rows, epochs):
    """So few epochs that nothing stops early: their number, the batches, and that it is this model that was trained."""
    X, y = noisy(rng, rows + 50, rng.normal(size=6), 0.1)
    data = (X[:rows], y[:rows], X[rows:], y[rows:])
    run = Run(submission, submission.keras_model(6, SMALL), data, f"model_{rng.integers(1000)}.keras", epochs)
    require(run.epochs == epochs, "epochs", got=run.epochs, want=epochs)
    require(run.steps, "other_model")
    want = epochs * math.ceil(rows / BATCH)
    require(run.steps == want, "batch_size", got=run.steps, want=want)


@graded(points=2)
def test_history(submission, rng):
    check_short(submission, rng, 2 * BATCH, 3)


@graded(points=2, after=["history"])
def test_stopping(small_run, rng):
    run = small_run(rng)
    want = run.epochs * math.ceil(len(run.data[0]) / BATCH)
    require(run.steps == want, "batch_size", got=run.steps, want=want)
    if run.epochs != run.best + PATIENCE:
        by_accuracy = int(np.argmax(run.history["val_accuracy"])) + 1
        by_training = int(np.argmin(run.history["loss"])) + 1
        require(run.epochs < EPOCHS, "never", best=run.best)
        require(run.epochs != by_accuracy + PATIENCE, "by_accuracy", epoch=run.epochs)
        require(run.epochs != by_training + PATIENCE, "by_training", epoch=run.epochs)
    require(
        run.epochs == run.best + PATIENCE, "patience", best=run.best, got=run.epochs, want=run.best + PATIENCE
    )


@graded(points=2, after=["history"])
def test_best_weights(small_run, rng):
    run = small_run(rng)
    X_train, y_train, X_val, y_val = run.data
    got, best, last = run.loss(X_val, y_val), float(run.losses.min()), float(run.losses[-1])

    def near(one, other):
        return abs(one - other) <= TOLERANCE * max(1, other)

    if not near(got, best):
        require(not near(run.loss(X_train, y_train), best), "validated_on_training")
        require(not near(got, last), "last", got=got, best=best)
    require(near(got, best), "other", got=got, best=best)


@graded(points=2, after=["history"])
def test_checkpoint(small_run, rng):
    run = small_run(rng)
    saved = run.model.saved(run.path)
    require(saved is not None, "no_file", path=run.path)
    _, _, X_val, y_val = run.data
    got, best, last = run.loss(X_val, y_val, saved), float(run.losses.min()), float(run.losses[-1])
    if abs(got - best) > TOLERANCE:
        require(abs(got - last) > TOLERANCE, "last", got=got, best=best)
    require(abs(got - best) <= TOLERANCE, "other", got=got, best=best)
    require(saved.parameters == run.model.parameters, "other_model")


@graded(points=2)
def test_best_epoch(submission, rng):
    for epochs in (6, 17):
        losses = rng.permutation(np.linspace(0.2, 0.9, epochs))
        accuracies = rng.permutation(np.linspace(0.5, 0.95, epochs))
        best = int(np.argmin(losses))
        history = {
            "loss": np.sort(rng.uniform(size=epochs))[::-1].tolist(),
            "val_loss": losses.tolist(),
            "val_accuracy": accuracies.tolist(),
        }
        epoch, accuracy = unpack(unchanged(submission.best_epoch, history), "epoch", "val_accuracy")
        mistakes = {
            "from_zero": best,
            "best_accuracy": int(np.argmax(accuracies)) + 1,
            "worst": int(np.argmax(losses)) + 1,
            "last": epochs,
        }
        assert_close(epoch, best + 1, mistakes=mistakes)
        wrong = {
            "highest": accuracies.max(),
            "next": accuracies[(best + 1) % epochs],
            "loss": losses[best],
        }
        assert_close(accuracy, accuracies[best], mistakes=wrong)


@graded(points=3, after=["stopping", "best_weights", "checkpoint"])
def test_airline(submission, rng):
    X, y = airline.prepared(generated.small(seed=int(rng.integers(2**31))))
    X_new, y_new = airline.prepared(generated.small(seed=int(rng.integers(2**31))))
    train, val = np.split(rng.permutation(len(y)), [len(y) * 4 // 5])
    scaled = [airline.min_max(part, X[train]) for part in (X[train], X[val], X_new)]
    model = submission.keras_model(25, airline.NETWORK)
    run = Run(submission, model, (scaled[0], y[train], scaled[1], y[val]), "airline.keras")
    require(run.epochs == min(EPOCHS, run.best + PATIENCE), "patience", best=run.best, got=run.epochs)
    accuracy = float(np.mean((model.predict(scaled[2])[:, 0] > 0.5) == y_new))
    require(accuracy >= airline.THRESHOLD, "too_low", got=f"{accuracy:.3f}", want=airline.THRESHOLD)


@graded(points=1, after=["history"], hidden=True)
def test_other_sizes(submission, rng):
    check_short(submission, rng, 3 * BATCH + 1, 2)
    losses = rng.permutation(30) / 10 + 1
    epoch, accuracy = unpack(
        submission.best_epoch({"val_loss": losses.tolist(), "val_accuracy": (losses / 10).tolist()}),
        "epoch",
        "val_accuracy",
    )
    assert_close([epoch, accuracy], [int(np.argmin(losses)) + 1, 0.1])
