"""Grader of day09/airline_train."""

import math

import numpy as np
import pytest

from course.grading import assert_close, assert_equal, fail, forms, graded, require, unpack
from graders.data.airline import generated
from graders.reference import airline
from graders.reference.recurrent import sigmoid

PATIENCE, BATCH, EPOCHS = 10, 128, 100
RATE = 0.5
KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")
SMALL = (("Dense", {"units": 16, "activation": "relu"}), ("Dense", {"units": 1, "activation": "sigmoid"}))
LOGISTIC = (("Dense", {"units": 1, "activation": "sigmoid", "kernel_initializer": "zeros"}),)
TRAIN_SECONDS = 180
# Keras reports losses computed in float32, batch by batch.
TOLERANCE = 2e-5


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
        arguments = (model, *data, path) if epochs is None else (model, *data, path, epochs)
        history = submission.train.within(TRAIN_SECONDS)(*arguments)
        require(isinstance(history, dict), "no_history")
        absent = [key for key in KEYS if key not in history]
        require(not absent, "absent", names=", ".join(absent))
        self.history = {key: np.asarray(history[key], dtype=float) for key in KEYS}
        self.losses = self.history["val_loss"]
        self.epochs = len(self.losses)
        self.best = int(np.argmin(self.losses)) + 1

    def loss(self, X, y, model=None):
        """The cross-entropy of the model as it is now."""
        return airline.binary_crossentropy(y, (model or self.model).predict(X)[:, 0])


class Descent:
    """Gradient descent from zero on the mean over all rows, which NumPy follows exactly.

    That is what a model of one sigmoid unit does with plain steps where all rows fit into one batch, or where all are alike.
    """

    def __init__(self, X, y, rate):
        self.X, self.y, self.rate = np.asarray(X, dtype=float), np.asarray(y), rate
        self.weights = [np.zeros(self.X.shape[1] + 1)]

    def after(self, steps):
        """Weights and bias after so many steps, shape (features + 1,)."""
        while len(self.weights) <= steps:
            now = self.weights[-1]
            error = sigmoid(self.X @ now[:-1] + now[-1]) - self.y
            slope = np.append(self.X.T @ error, error.sum()) / len(error)
            self.weights.append(now - self.rate * slope)
        return self.weights[steps]

    def loss(self, steps, X, y):
        """The cross-entropy on these rows then."""
        now = self.after(steps)
        return airline.binary_crossentropy(y, sigmoid(X @ now[:-1] + now[-1]))


@pytest.fixture(scope="module")
def unit(submission):
    """A model of one sigmoid unit that starts from zero and takes plain steps; the same one, as compiling takes its time."""
    made = {}

    def fresh(inputs, rate):
        if (inputs, rate) not in made:
            made[inputs, rate] = submission.keras_model(inputs, LOGISTIC, optimizer="sgd", learning_rate=rate)
        model = made[inputs, rate]
        model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
        return model

    return fresh


def weights_of(model):
    """Weights and bias of a single unit, shape (features + 1,)."""
    return np.concatenate([np.ravel(part) for part in model.get_weights()]).astype(float)


def near(one, other):
    return abs(one - other) <= TOLERANCE * max(1, other)


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


def steady_run(submission, unit, rng, rate, *, opposed, epochs=None):
    """Gradient descent on all rows at once, validated on the same rows: with their own labels the loss falls in every epoch.

    With the opposite ones it rises in every epoch.
    """
    X, y = noisy(rng, BATCH - 8, rng.normal(size=6), 0)
    order = rng.permutation(len(y))
    data = (X, y, X[order], 1 - y[order] if opposed else y[order])
    return Run(submission, unit(6, rate), data, f"steady_{rng.integers(1000)}.keras", epochs)


def check_followed(run, rate):
    """The history and the model are those of the descent that was asked for: which is shown by numbers, not by a count.

    Of which epoch the weights are is for another test.
    """
    X, y, X_val, y_val = run.data
    per_epoch = math.ceil(len(y) / BATCH)
    descent, got = Descent(X, y, rate), weights_of(run.model)

    def reached(steps):
        return np.allclose(got, descent.after(steps), rtol=1e-3, atol=1e-5)

    due = run.epochs * per_epoch
    if not any(reached(steps) for steps in range(per_epoch, due + 1, per_epoch)):
        require(not reached(0), "other_model")
        steps = next((count for count in range(1, 10 * due) if reached(count)), None)
        require(steps is None, "batch_size", got=steps, want=due)
        fail("weights")
    for epoch, loss in enumerate(run.losses, start=1):
        want = descent.loss(epoch * per_epoch, X_val, y_val)
        require(near(loss, want), "values", epoch=epoch, got=loss, want=want)


def check_short(submission, unit, rng, rows, epochs):
    """So few epochs that nothing stops early: their number, the batches, and that it is this model that was trained."""
    x, y = rng.normal(size=6), int(rng.integers(2))
    data = (np.tile(x, (rows, 1)), np.full(rows, y), np.tile(x, (50, 1)), np.full(50, y))
    check_epochs(Run(submission, unit(6, RATE), data, "short.keras", epochs), epochs, RATE)


def check_epochs(run, epochs, rate):
    require(run.epochs == epochs, "epochs", got=run.epochs, want=epochs)
    check_followed(run, rate)


def check_history(submission, losses, accuracies, *, diagnose=False):
    """best_epoch for these numbers, an epoch each."""
    best, epochs = int(np.argmin(losses)), len(losses)
    history = {"loss": sorted(losses, reverse=True), "val_loss": losses, "val_accuracy": accuracies}
    epoch, accuracy = unpack(submission.best_epoch(history), "epoch", "val_accuracy")
    mistakes = {
        "from_zero": best,
        "best_accuracy": int(np.argmax(accuracies)) + 1,
        "worst": int(np.argmax(losses)) + 1,
        "last": epochs,
    }
    assert_equal(epoch, best + 1, mistakes=mistakes if diagnose else None)
    wrong = {
        "highest": max(accuracies),
        "next": accuracies[(best + 1) % epochs],
        "loss": losses[best],
    }
    assert_close(accuracy, accuracies[best], mistakes=wrong if diagnose else None)


def drawn_history(rng, epochs):
    """Losses and accuracies whose best and worst epochs lie in different places, none of them the last two."""
    losses, accuracies = (
        rng.permutation(np.linspace(low, high, epochs)) for low, high in ((0.2, 0.45), (0.5, 0.95))
    )
    best, worst, highest = 2 * rng.permutation((epochs - 1) // 2)[:3]
    for values, place, wanted in (
        (losses, best, losses.min()),
        (losses, worst, losses.max()),
        (accuracies, highest, accuracies.max()),
    ):
        other = int(np.flatnonzero(values == wanted)[0])
        values[[place, other]] = values[[other, place]]
    return losses.tolist(), accuracies.tolist()


@graded(points=2)
def test_best_epoch(submission, rng):
    for epochs in (9, 17):
        check_history(submission, *drawn_history(rng, epochs), diagnose=True)
    check_history(submission, [rng.uniform()], [rng.uniform()])
    # Two epochs share the lowest loss.
    losses, accuracies = drawn_history(rng, 12)
    losses[-1] = min(losses)
    check_history(submission, losses, accuracies)


@graded(points=2)
def test_history(submission, unit, rng):
    check_short(submission, unit, rng, 2 * BATCH, 3)


@graded(points=1, after=["history"], hidden=True)
def test_other_sizes(submission, unit, rng):
    check_short(submission, unit, rng, 3 * BATCH + 1, 2)
    check_history(submission, (rng.permutation(30) / 10 + 1).tolist(), rng.uniform(size=30).tolist())
    for X_train, X_val in forms(rng, (7, 6), (5, 6)):
        data = X_train, rng.permutation([0, 0, 0, 0, 1, 1, 1]), X_val, rng.permutation([0, 0, 1, 1, 1])
        check_epochs(Run(submission, unit(6, RATE), data, "form.keras", 1), 1, RATE)
    # Single rows, a single column, and one class alone.
    for inputs, rows in ((6, 1), (1, 4)):
        X, y = rng.normal(size=(2, rows, inputs)), np.full(rows, rng.integers(2))
        data = X[0], y, X[1], 1 - y
        check_epochs(Run(submission, unit(inputs, RATE), data, "few.keras", 2), 2, RATE)


def check_patience(run, most):
    require(run.epochs < most, "never", best=run.best)
    want = run.best + PATIENCE
    require(run.epochs == want, "patience", best=run.best, got=run.epochs, want=want)


@graded(points=2, after=["history"])
def test_stopping(submission, small_run, unit, rng):
    run = steady_run(submission, unit, rng, RATE, opposed=True, epochs=40)
    require(run.best == 1, "validation_rows", best=run.best)
    check_patience(run, 40)
    check_followed(run, RATE)
    check_patience(small_run(rng), EPOCHS)
    # So slowly that ten epochs together gain less than 0.0001: no new low is too small.
    run = steady_run(submission, unit, rng, 3e-5, opposed=False)
    require(run.epochs <= EPOCHS, "default", got=run.epochs)
    require(run.epochs == EPOCHS, "too_early", got=run.epochs)
    check_followed(run, 3e-5)


def check_model(submission, run, model):
    """The model, the learner's or a saved one, is that of the best epoch."""
    X_train, y_train, X_val, y_val = run.data
    got, best, last = run.loss(X_val, y_val, model), float(run.losses.min()), float(run.losses[-1])
    if not near(got, best):
        require(not near(run.loss(X_train, y_train, model), best), "validated_on_training")
        require(not near(got, last), "last", got=got, best=best)
    require(near(got, best), "other", got=got, best=best)


@graded(points=2, after=["history"])
def test_best_weights(submission, small_run, unit, rng):
    run = small_run(rng)
    check_model(submission, run, run.model)
    # Over before anything stops it.
    run = steady_run(submission, unit, rng, RATE, opposed=True, epochs=4)
    check_model(submission, run, run.model)
    check_followed(run, RATE)


@graded(points=2, after=["history"])
def test_checkpoint(submission, small_run, unit, rng):
    for run in (small_run(rng), steady_run(submission, unit, rng, RATE, opposed=True, epochs=3)):
        saved = run.model.saved(run.path)
        require(saved is not None, "no_file", path=run.path)
        check_model(submission, run, saved)
        require(saved.parameters == run.model.parameters, "other_model")
    # The second: after one epoch the loss only rose.
    X, y, _, _ = run.data
    require(np.allclose(weights_of(saved), Descent(X, y, RATE).after(1), rtol=1e-3, atol=1e-5), "weights")


@graded(points=3, after=["stopping", "best_weights", "checkpoint"], apart=True)
def test_airline(submission, rng):
    X, y = airline.prepared(generated.small(seed=int(rng.integers(2**63))))
    X_new, y_new = airline.prepared(generated.small(seed=int(rng.integers(2**63))))
    train, val = np.split(rng.permutation(len(y)), [len(y) * 4 // 5])
    scaled = [airline.min_max(part, X[train]) for part in (X[train], X[val], X_new)]
    model = submission.keras_model(25, airline.NETWORK)
    run = Run(submission, model, (scaled[0], y[train], scaled[1], y[val]), "airline.keras")
    require(run.epochs == min(EPOCHS, run.best + PATIENCE), "patience", best=run.best, got=run.epochs)
    accuracy = float(np.mean((model.predict(scaled[2])[:, 0] > 0.5) == y_new))
    require(accuracy >= airline.THRESHOLD, "too_low", got=f"{accuracy:.3f}", want=airline.THRESHOLD)
