"""Grader of day09/airline_evaluate."""

import numpy as np

from course.grading import array, assert_close, assert_equal, code, forms, graded, require
from graders.data.airline import generated
from graders.reference import airline, scores
from graders.reference.recurrent import sigmoid

# New passengers, of whom only the features reach the learner's code.
HELD_OUT = 4000
LECTURE = np.array([[8512, 307], [538, 10125]])
TRAIN_SECONDS = 180
# As airline_train does it.
TRAIN = code(
    "lambda model, X_train, y_train, X_val, y_val: model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=100,"
    " batch_size=128, callbacks=[keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)], verbose=0)"
)
# Plain gradient descent on all rows at once, which NumPy can follow exactly.
LOGISTIC = (("Dense", {"units": 1, "activation": "sigmoid", "kernel_initializer": "zeros"}),)
RATE, ROUNDS = 1.0, 6
# float32, six rounds.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


def descending(rows):
    """A function train that looks at the "train" or the "val" rows alone: it shows which ones it was given."""
    return code(
        f"lambda model, X_train, y_train, X_val, y_val: model.fit(np.asarray(X_{rows}, dtype='float32'), np.asarray(y_{rows}),"
        f" epochs={ROUNDS}, batch_size=10**6, verbose=0)"
    )


def descent(X, y, X_test, rounds=ROUNDS):
    """The probabilities for X_test after gradient descent on X and y."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(rounds):
        error = sigmoid(X @ w + b) - y
        w, b = w - RATE * X.T @ error / len(y), b - RATE * error.mean()
    return sigmoid(X_test @ w + b)


def small_parts(rng, rows):
    """Training, validation and test rows that differ in what they teach: X_train, y_train, X_val, y_val, X_test."""
    X = [rng.uniform(-1, 1, size=(count, 4)) for count in rows]
    weights = rng.choice([-3.0, 3.0], size=(2, 4))
    y = [(sigmoid(part @ w + 0.3) > rng.random(len(part))).astype(int) for part, w in zip(X, weights)]
    return X[0], y[0], X[1], y[1], X[2] + [0.5, 0, 0, -0.5]


def logistic(submission, inputs=4):
    return submission.keras_model(inputs, LOGISTIC, optimizer="sgd", learning_rate=RATE)


def predicted(submission, model, rows, *parts):
    """What fit_predict returns for the model without any training."""
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    return submission.fit_predict(model, descending(rows), *parts)


def check_parts(submission, rng, rows):
    """Exactly the training rows teach, exactly the test rows are predicted, the validation rows are handed on."""
    X_train, y_train, X_val, y_val, X_test = parts = small_parts(rng, rows)
    model = logistic(submission)
    got = predicted(submission, model, "train", *parts)
    # Without the outermost rows: who scaled by the test rows scales differently now.
    inner = np.argsort(np.abs(X_test).max(axis=1))[: max(1, len(X_test) // 2)]
    want = descent(X_train, y_train, X_test)
    both, labels = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
    mistakes = {
        "two_axes": want[:, None],
        "not_trained": np.full(len(X_test), 0.5),
        "trained_twice": descent(X_train, y_train, X_test, 2 * ROUNDS),
        "classes": (want > 0.5).astype(int),
        "other_class": 1 - want,
        "validation_trained": descent(both, labels, X_test),
        "validation_only": descent(X_val, y_val, X_test),
        "validation_rows": descent(X_train, y_train, X_val),
        "training_rows": descent(X_train, y_train, X_train),
    }
    values = array(got)
    if values.shape == want.shape and not np.allclose(values, want, **TOLERANCE):
        again = array(predicted(submission, model, "train", *parts))
        alone = array(predicted(submission, model, "train", *parts[:4], X_test[inner]))
        require(np.allclose(again, values, atol=1e-4), "not_repeatable")
        require(alone.shape == inner.shape and np.allclose(alone, values[inner], atol=1e-4), "leaks")
    assert_close(got, want, **TOLERANCE, mistakes=mistakes)
    got = predicted(submission, model, "val", *parts)
    mistakes = {"validation_missing": want}
    assert_close(got, descent(X_val, y_val, X_test), **TOLERANCE, mistakes=mistakes)


def check_classes(submission, probabilities, limits, *, diagnose=False):
    """predict_class without a threshold and with these, on probabilities in one or two axes."""
    flat = probabilities.ravel().astype(float)
    for limit in (None, *limits):
        above = 0.5 if limit is None else limit
        mistakes = {
            "at_threshold": (flat >= above).astype(int),
            "exchanged": (flat < above).astype(int),
            "rounded_down": np.zeros(len(flat), dtype=int),
            "always_half": (flat > 0.5).astype(int) if above != 0.5 else np.nan,
            "two_axes": (probabilities > above).astype(int) if probabilities.ndim > 1 else np.nan,
        }
        got = submission.predict_class(probabilities, *([] if limit is None else [limit]))
        assert_equal(got, (flat > above).astype(int), mistakes=mistakes if diagnose else None)


@graded(points=1)
def test_predict_class(submission, rng):
    for shape in ((12,), (12, 1)):
        values = np.concatenate([[0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9], rng.uniform(size=5)])
        check_classes(submission, rng.permutation(values).reshape(shape), (0.3, 0.7), diagnose=True)
        for (probabilities,) in forms(rng, shape, low=0, high=1):
            check_classes(submission, probabilities, (0, 1, rng.uniform(0.2, 0.8)))
    for shape in ((1,), (1, 1)):
        check_classes(submission, rng.uniform(size=shape), (0.25,))


def expanded(matrix):
    """True and predicted labels that have this confusion matrix."""
    pairs = [
        (true, predicted) for true in (0, 1) for predicted in (0, 1) for _ in range(matrix[true][predicted])
    ]
    return np.array(pairs).T


def drawn(rng, rows):
    """True and predicted labels, shape (rows,) each; the confusion matrix has four different counts."""
    while True:
        y_true, y_pred = (rng.random((2, rows)) < [[0.4], [0.65]]).astype(int)
        if len(set(scores.confusion(y_true, y_pred).ravel().tolist())) == 4:
            return y_true, y_pred


# One row; only one class, true, predicted or both.
EDGES = (
    [[0, 1], [0, 0]],
    [[3, 0], [5, 0]],
    [[0, 4], [0, 2]],
    [[0, 0], [2, 4]],
    [[4, 0], [0, 0]],
    [[1, 0], [0, 4]],
)


@graded(points=2)
def test_confusion_matrix(submission, rng):
    for rows in (40, 23):
        y_true, y_pred = drawn(rng, rows)
        want = scores.confusion(y_true, y_pred)
        mistakes = {"transposed": want.T, "satisfied_first": want[::-1, ::-1], "shares": want / want.sum()}
        assert_equal(submission.confusion_matrix(y_true, y_pred), want, mistakes=mistakes)
    for matrix in (LECTURE, *EDGES):
        assert_equal(submission.confusion_matrix(*expanded(matrix)), np.array(matrix))


def check_report(submission, y_true, y_pred):
    """classification_report for these labels, number by number."""
    got = submission.classification_report(y_true, y_pred)
    want = scores.report(scores.confusion(y_true, y_pred))
    other = scores.report(scores.confusion(y_true, y_pred).T)
    require(isinstance(got, dict), "no_dict")
    absent = [name for name in want if name not in got]
    require(not absent, "absent", names=", ".join(absent))
    assert_close(got["accuracy"], want["accuracy"], mistakes={"percent": 100 * want["accuracy"] or np.nan})
    for name, row in want.items():
        if name == "accuracy":
            continue
        require(isinstance(got[name], dict), "no_row", name=name)
        lacking = [score for score in row if score not in got[name]]
        require(not lacking, "lacking", name=name, scores=", ".join(lacking))
        for score in row:
            check_score(name, score, got[name][score], want, other)


def check_score(name, score, got, want, other):
    """One number of the report; a mistake is named where it is the only one that gives the number."""
    value = want[name][score]
    shown = {"name": name, "score": score, "got": got, "want": value}
    nan = isinstance(got, float | np.floating) and not np.isfinite(got)
    require(value != 0 or not nan, "zero_division", **shown)
    number = array(got, ())
    if np.isclose(number, value, atol=1e-6):
        return
    pairs = {"macro avg": "weighted avg", "weighted avg": "macro avg", "satisfied": "dissatisfied"}
    wrong = {"other_row": want[pairs.get(name, "satisfied")][score], "rounded": round(value, 2)}
    if score in ("precision", "recall"):
        wrong["exchanged"] = other[name][score]
    fitting = [key for key, mistaken in wrong.items() if np.isclose(number, mistaken, atol=1e-6)]
    require(False, fitting[0] if len(fitting) == 1 else "number", **shown)


@graded(points=3)
def test_report(submission, rng):
    for rows in (40, 23, 61):
        check_report(submission, *drawn(rng, rows))
    for matrix in (LECTURE, *EDGES):
        check_report(submission, *expanded(matrix))


@graded(points=3)
def test_fit_predict(submission, rng):
    check_parts(submission, rng, (40, 24, 14))


@graded(points=1, after=["fit_predict", "predict_class", "confusion_matrix", "report"], hidden=True)
def test_other_rows(submission, rng):
    check_classes(submission, rng.uniform(size=9), (0.45, 0.9))
    y_true, y_pred = drawn(rng, 31)
    assert_equal(submission.confusion_matrix(y_true, y_pred), scores.confusion(y_true, y_pred))
    model, column = logistic(submission), logistic(submission, 1)
    for X_train, X_val, X_test in forms(rng, (6, 4), (5, 4), (3, 4), low=-1, high=1):
        y_train, y_val = rng.permutation([0, 0, 0, 1, 1, 1]), rng.permutation([0, 0, 1, 1, 1])
        got = predicted(submission, model, "train", X_train, y_train, X_val, y_val, X_test)
        assert_close(got, descent(X_train, y_train, X_test), **TOLERANCE)
    # Single rows, a single column, and one class alone.
    for one, rows in ((model, 1), (column, 3)):
        X = rng.uniform(-1, 1, size=(3, rows, one.input_shape[1]))
        y = np.full(rows, rng.integers(2))
        got = predicted(submission, one, "val", X[0], y, X[1], 1 - y, X[2])
        assert_close(got, descent(X[1], 1 - y, X[2]), **TOLERANCE)


@graded(points=4, after=["predict_class", "confusion_matrix", "report"], apart=True)
def test_accuracy(submission, rng):
    X, y = airline.prepared(generated.small(seed=int(rng.integers(2**63))))
    X_new, truth = airline.prepared(generated.small(HELD_OUT, seed=int(rng.integers(2**63))))
    train, val = np.split(rng.permutation(len(y)), [len(y) * 4 // 5])
    scaled = [airline.min_max(part, X[train]) for part in (X[train], X[val], X_new)]
    model = submission.keras_model(25, airline.NETWORK)
    fit_predict = submission.fit_predict.within(TRAIN_SECONDS)
    got = array(fit_predict(model, TRAIN, scaled[0], y[train], scaled[1], y[val], scaled[2])).ravel()
    require(len(got) == HELD_OUT, "rows", got=len(got), want=HELD_OUT)
    accuracy = float(np.mean((got > 0.5) == truth))
    shown = {"accuracy": f"{accuracy:.3f}", "threshold": airline.THRESHOLD}
    majority = f"{max(truth.mean(), 1 - truth.mean()):.3f}"
    require(len(np.unique(got)) > 1, "majority", majority=majority, **shown)
    require(airline.ranking(truth, got) >= airline.RELATED, "unrelated", majority=majority, **shown)
    require(airline.linearity(scaled[2], got) < airline.LINEAR, "logistic_regression", **shown)
    require(accuracy >= airline.THRESHOLD, "too_low", **shown)
