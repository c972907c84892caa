"""The graders' mathematics of the airline case against pandas and scikit-learn."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

from graders.data.airline import generated, schema
from graders.reference import airline, scores
from tests.conftest import solution


@pytest.fixture(scope="module")
def table():
    return generated.small(800, seed=5)


def test_features_are_those_of_get_dummies(table):
    codes = {value: code for code, value in enumerate(schema.CATEGORIES["Class"])}
    frame = table.assign(Class=table["Class"].map(codes)).drop(columns=schema.TARGET)
    want = pd.get_dummies(frame, columns=list(schema.ONE_HOT))
    assert list(want.columns) == list(schema.FEATURES)
    np.testing.assert_array_equal(airline.features(table), want.to_numpy(float))
    assert airline.labels(table).tolist() == (table[schema.TARGET] == "satisfied").tolist()
    shuffled = table.sample(frac=1, random_state=1)[list(reversed(schema.COLUMNS))]
    np.testing.assert_array_equal(airline.features(shuffled), want.loc[shuffled.index].to_numpy(float))


def test_prepared_fills_with_the_mean(table):
    X, _ = airline.prepared(table)
    place = schema.FEATURES.index(schema.ARRIVAL_DELAY)
    assert table[schema.ARRIVAL_DELAY].isna().any()
    np.testing.assert_allclose(
        X[:, place], table[schema.ARRIVAL_DELAY].fillna(table[schema.ARRIVAL_DELAY].mean())
    )
    assert airline.mean_delay(table.assign(**{schema.ARRIVAL_DELAY: np.nan})) == 0


def test_the_solution_splits_as_the_lecture_does(table):
    """The same rows in the same order as the lecture's two calls of scikit-learn."""
    found = {"__name__": "airline_preprocess"}
    exec(compile(solution("airline_preprocess"), "airline_preprocess.py", "exec"), found)
    X, y = found["encode"](table)
    rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.15, random_state=2023, stratify=y)
    X_train, X_val, y_train, y_val = train_test_split(
        rest, y_rest, test_size=0.2, random_state=2023, stratify=y_rest
    )
    for got, want in zip(
        found["split"](X, y, 2023), (X_train, X_val, X_test, y_train, y_val, y_test), strict=True
    ):
        assert got.equals(want)


def test_min_max():
    rng = np.random.default_rng(0)
    fitted_on, X = rng.normal(size=(9, 4)), rng.normal(size=(5, 4))
    fitted_on[:, 2] = 1
    np.testing.assert_allclose(airline.min_max(X, fitted_on), MinMaxScaler().fit(fitted_on).transform(X))


def test_the_network_has_the_lectures_size():
    sizes = airline.SIZES
    assert sum((a + 1) * b for a, b in itertools.pairwise(sizes)) == 21_633
    units = [arguments["units"] for kind, arguments in airline.NETWORK if kind == "Dense"]
    assert [25, *units] == list(sizes)
    assert len(airline.ACTIVATIONS) == len(units)


@pytest.mark.parametrize(
    "matrix", [[[8512, 307], [538, 10125]], [[3, 0], [5, 0]], [[0, 4], [0, 2]], [[7, 2], [0, 0]]]
)
def test_report(matrix):
    y_true = np.repeat([0, 0, 1, 1], np.ravel(matrix))
    y_pred = np.repeat([0, 1, 0, 1], np.ravel(matrix))
    np.testing.assert_array_equal(
        scores.confusion(y_true, y_pred), metrics.confusion_matrix(y_true, y_pred, labels=[0, 1])
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        want = metrics.classification_report(
            y_true,
            y_pred,
            labels=[0, 1],
            target_names=["dissatisfied", "satisfied"],
            output_dict=True,
            zero_division=0,
        )
    got = scores.report(matrix)
    assert got.pop("accuracy") == pytest.approx(metrics.accuracy_score(y_true, y_pred))
    assert got == {name: pytest.approx(want[name]) for name in got}
    assert len(got) == 4


def test_losses_and_ranking():
    rng = np.random.default_rng(2)
    y, p = rng.integers(0, 2, 60), np.round(rng.uniform(0.01, 0.99, 60), 1).clip(0.05, 0.95)
    assert airline.binary_crossentropy(y, p) == pytest.approx(metrics.log_loss(y, p))
    assert airline.ranking(y, p) == pytest.approx(metrics.roc_auc_score(y, p))
    assert airline.ranking(y, np.ones(60)) == 0.5


def test_logistic_regression_is_recognised(table):
    X, y = airline.prepared(table)
    X = airline.min_max(X, X)
    p = LogisticRegression(max_iter=500).fit(X, y).predict_proba(X)[:, 1]
    assert airline.linearity(X, p) > 0.9999
    bent = 1 / (1 + np.exp(-8 * (X[:, 8] - 0.5) * np.sign(X[:, 1] - 0.5)))
    assert airline.linearity(X, bent) < airline.LINEAR
    assert airline.linearity(X, y) == 0
    assert airline.linearity(X, np.full(len(X), 0.5)) == 0
