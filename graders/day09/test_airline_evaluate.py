"""Grader of day09/airline_evaluate."""

import numpy as np

from course.airline import generated
from course.grading import array, assert_close, code, graded, require, unchanged
from course.reference import airline
from course.reference.recurrent import sigmoid

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
RATE, ROUNDS = 1.0, 20
DESCENT = code(
    f"lambda model, X_train, y_train, X_val, y_val: model.fit(np.asarray(X_train), np.asarray(y_train), epochs={ROUNDS},"
    " batch_size=10**6, verbose=0)"
)


def descent(X, y, X_test):
    """The probabilities for X_test after DESCENT on X and y."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(ROUNDS):
        error = sigmoid(X @ w + b) - y
        w, b = w - RATE * X.T @ error / len(y), b - RATE * error.mean()
    return sigmoid(X_test @ w + b)


def small_parts(rng, rows):
    """Training, validation and test rows that differ in what they teach: X_train, y_train, X_val, y_val, X_test."""
    X = [rng.uniform(-1, 1, size=(count, 4)) for count in rows]
    weights = rng.choice([-3.0, 3.0], size=(2, 4))
    y = [(sigmoid(part @ w + 0.3) > rng.random(len(part))).astype(int) for part, w in zip(X, weights)]
    return X[0], y[0], X[1], y[1], X[2] + [0.5, 0, 0, -0.5]


def check_parts(submission, rng, rows):
    """fit_predict with a training NumPy can follow: exactly the training rows, exactly the test rows."""
    X_train, y_train, X_val, y_val, X_test = small_parts(rng, rows)

    def predicted(X_test):
        model = submission.keras_model(4, LOGISTIC, optimizer="sgd", learning_rate=RATE)
        got = unchanged(submission.fit_predict, model, DESCENT, X_train, y_train, X_val, y_val, X_test)
        require(model.steps > 0, "not_trained")
        require(model.steps == ROUNDS, "trained_twice")
        return got

    got = predicted(X_test)
    # Without the outermost rows: who scaled by the test rows scales differently now.
    inner = np.argsort(np.abs(X_test).max(axis=1))[: max(1, len(X_test) // 2)]
    want = descent(X_train, y_train, X_test)
    both, labels = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
    mistakes = {
        "two_axes": want[:, None],
        "classes": (want > 0.5).astype(int),
        "other_class": 1 - want,
        "validation_trained": descent(both, labels, X_test),
        "validation_only": descent(X_val, y_val, X_test),
        "validation_rows": descent(X_train, y_train, X_val),
        "training_rows": descent(X_train, y_train, X_train),
    }
    values = array(got)
    if values.shape == want.shape and not np.allclose(values, want, rtol=1e-3, atol=1e-4):
        again, alone = array(predicted(X_test)), array(predicted(X_test[inner]))
        require(np.allclose(again, values, atol=1e-4), "not_repeatable")
        require(alone.shape == inner.shape and np.allclose(alone, values[inner], atol=1e-4), "leaks")
    assert_close(got, want, rtol=1e-3, atol=1e-4, mistakes=mistakes)


@graded(points=3)
def test_fit_predict(submission, rng):
    check_parts(submission, rng, (40, 24, 14))


@graded(points=1)
def test_predict_class(submission, rng):
    for shape in ((9,), (7, 1)):
        probabilities = rng.uniform(size=shape)
        probabilities.flat[:3] = [0.5, 0.3, 0.7]
        flat = probabilities.ravel()
        mistakes = {
            "at_threshold": (flat >= 0.5).astype(int),
            "exchanged": (flat < 0.5).astype(int),
            "rounded_down": np.zeros(len(flat)),
            "two_axes": lambda p=probabilities: (p > 0.5).astype(int),
        }
        assert_close(
            unchanged(submission.predict_class, probabilities), (flat > 0.5).astype(int), mistakes=mistakes
        )
        for threshold in (0.3, 0.7):
            mistakes = {
                "always_half": (flat > 0.5).astype(int),
                "at_threshold": (flat >= threshold).astype(int),
            }
            got = submission.predict_class(probabilities, threshold)
            assert_close(got, (flat > threshold).astype(int), mistakes=mistakes)


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
        if len(set(airline.confusion(y_true, y_pred).ravel().tolist())) == 4:
            return y_true, y_pred


@graded(points=2)
def test_confusion_matrix(submission, rng):
    cases = [drawn(rng, 40), drawn(rng, 23), expanded(LECTURE)]
    cases += [expanded([[3, 0], [5, 0]]), expanded([[0, 0], [2, 4]])]
    for y_true, y_pred in cases:
        want = airline.confusion(y_true, y_pred)
        mistakes = {"transposed": want.T, "satisfied_first": want[::-1, ::-1], "shares": want / want.sum()}
        assert_close(unchanged(submission.confusion_matrix, y_true, y_pred), want, mistakes=mistakes)


def check_report(submission, y_true, y_pred):
    """classification_report for these labels, number by number."""
    got = unchanged(submission.classification_report, y_true, y_pred)
    want = airline.report(airline.confusion(y_true, y_pred))
    other = airline.report(airline.confusion(y_true, y_pred).T)
    require(isinstance(got, dict), "no_dict")
    absent = [name for name in want if name not in got]
    require(not absent, "absent", names=", ".join(absent))
    assert_close(got["accuracy"], want["accuracy"], mistakes={"percent": 100 * want["accuracy"]})
    for name, row in want.items():
        if name == "accuracy":
            continue
        require(isinstance(got[name], dict), "no_row", name=name)
        lacking = [score for score in row if score not in got[name]]
        require(not lacking, "lacking", name=name, scores=", ".join(lacking))
        for score, value in row.items():
            array(got[name][score], ())
            shown = {"name": name, "score": score, "got": got[name][score], "want": value}
            if np.isclose(got[name][score], value, atol=1e-6):
                continue
            require(not np.isclose(got[name][score], other[name][score]), "exchanged", **shown)
            pairs = {"macro avg": "weighted avg", "weighted avg": "macro avg", "satisfied": "dissatisfied"}
            wrong = want[pairs.get(name, "satisfied")][score]
            require(not np.isclose(got[name][score], wrong), "other_row", **shown)
            require(not np.isclose(got[name][score], round(value, 2)), "rounded", **shown)
            require(value != 0 or np.isfinite(got[name][score]), "zero_division", **shown)
            require(False, "number", **shown)


@graded(points=3)
def test_report(submission, rng):
    check_report(submission, *expanded(LECTURE))
    for rows in (40, 23):
        check_report(submission, *drawn(rng, rows))
    for matrix in ([[3, 0], [5, 0]], [[0, 4], [0, 2]], [[1, 0], [0, 4]]):
        check_report(submission, *expanded(matrix))


@graded(points=4, after=["predict_class", "confusion_matrix", "report"])
def test_accuracy(submission, rng):
    X, y = airline.prepared(generated.small(seed=int(rng.integers(2**31))))
    X_new, truth = airline.prepared(generated.small(HELD_OUT, seed=int(rng.integers(2**31))))
    train, val = np.split(rng.permutation(len(y)), [len(y) * 4 // 5])
    scaled = [airline.min_max(part, X[train]) for part in (X[train], X[val], X_new)]
    model = submission.keras_model(25, airline.NETWORK)
    fit_predict = submission.fit_predict.within(TRAIN_SECONDS)
    got = array(fit_predict(model, TRAIN, scaled[0], y[train], scaled[1], y[val], scaled[2])).ravel()
    require(len(got) == HELD_OUT, "rows", got=len(got), want=HELD_OUT)
    accuracy = float(np.mean((got > 0.5) == truth))
    shown = {"accuracy": f"{accuracy:.3f}", "threshold": airline.THRESHOLD}
    majority = f"{max(truth.mean(), 1 - truth.mean()):.3f}"
    require(len(np.unique(got)) > 2, "majority", majority=majority, **shown)
    require(airline.ranking(truth, got) >= airline.RELATED, "unrelated", majority=majority, **shown)
    require(airline.linearity(scaled[2], got) < airline.LINEAR, "logistic_regression", **shown)
    require(accuracy >= airline.THRESHOLD, "too_low", **shown)


@graded(points=1, after=["fit_predict", "predict_class", "confusion_matrix", "report"], hidden=True)
def test_other_rows(submission, rng):
    check_parts(submission, rng, (31, 17, 1))
    check_report(submission, *drawn(rng, 61))
    assert_close(submission.predict_class(np.array([0.2, 0.9, 0.9001]), 0.9), [0, 0, 1])
