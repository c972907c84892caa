"""Grader of day09/airline_preprocess."""

import numpy as np
import pandas as pd

from course.grading import assert_close, graded, require, unpack
from course.worker.wire import pandas_kind
from graders.data.airline import generated, schema
from graders.reference import airline
from graders.reference.airline import passengers

CLASSES = schema.CATEGORIES["Class"]
TEST, VALIDATION = 0.15, 0.2
LECTURE_ROWS, LECTURE_SATISFIED = 129_880, 71_087
PARTS = ("X_train", "X_val", "X_test", "y_train", "y_val", "y_test")


def numbers(part):
    """A table of numbers as a float array, column by column: whole numbers and booleans may stand side by side."""
    if pandas_kind(part) == "frame":
        part = np.column_stack([np.asarray(part.iloc[:, place]) for place in range(part.shape[1])])
    return np.asarray(part, dtype=float)


def imputation_mistakes(table, fitted_on):
    known = fitted_on[schema.ARRIVAL_DELAY].dropna()
    filled = {
        "own_mean": airline.mean_delay(table),
        "zero": 0.0,
        "over_all_rows": known.sum() / len(fitted_on),
        "median": known.median(),
        "other_column": fitted_on[schema.DEPARTURE_DELAY].mean(),
    }
    mistakes = {key: airline.imputed(table, value) for key, value in filled.items()}
    return mistakes | {"all_replaced": np.full(len(table), known.mean())}


def check_imputed(submission, table, fitted_on, mistakes=None):
    """impute_delay for these tables, column by column."""
    got = submission.impute_delay(table, fitted_on)
    require(pandas_kind(got) == "frame", "no_frame")
    require(len(got) == len(table), "rows", got=len(got), want=len(table))
    lost = [name for name in table.columns if name not in got.columns]
    added = [str(name) for name in got.columns if name not in table.columns]
    require(not lost, "lost", names=", ".join(lost))
    require(not added, "added", names=", ".join(added))
    delays = np.asarray(table[schema.ARRIVAL_DELAY], dtype=float)
    column = np.asarray(got[schema.ARRIVAL_DELAY], dtype=float)
    require(not np.isnan(column).any() or np.isnan(delays).all(), "left", count=int(np.isnan(column).sum()))
    assert_close(column, airline.imputed(table, airline.mean_delay(fitted_on)), mistakes=mistakes)
    others = [name for name in table.columns if name != schema.ARRIVAL_DELAY]
    for name in others:
        require(got[name].tolist() == table[name].tolist(), "other_columns", name=name)
    require(got.index.tolist() == table.index.tolist(), "index")


@graded(points=2)
def test_impute(submission, rng):
    for _ in range(2):
        # Short delays in the table, long ones and a very long one in the other: every mistake fills in another number.
        table = passengers(rng, 25, missing=4, delays=(20, 100))
        fitted_on = passengers(rng, 24, missing=9, delays=(100, 200), fixed={schema.DEPARTURE_DELAY: 7})
        longest = int(fitted_on[schema.ARRIVAL_DELAY].argmax())
        fitted_on.iloc[longest, fitted_on.columns.get_loc(schema.ARRIVAL_DELAY)] = 9000
        check_imputed(submission, table, fitted_on, imputation_mistakes(table, fitted_on))
    check_imputed(submission, table, table)
    check_imputed(submission, passengers(rng, 6), table)
    one = passengers(rng, 1)
    check_imputed(submission, passengers(rng, 9, missing=2), one)
    check_imputed(submission, passengers(rng, 1, missing=1), table)
    check_imputed(submission, one, one)
    only_delays = [part[[schema.ARRIVAL_DELAY]] for part in (table, fitted_on)]
    check_imputed(submission, *only_delays)
    check_imputed(submission, table.rename("passenger {}".format), table)


@graded(points=1, after=["impute"])
def test_none_known(submission, rng):
    empty = passengers(rng, 5, missing=5)
    table = passengers(rng, 8, missing=3)
    for one, other in ((empty, table), (table, empty), (empty, empty)):
        got = submission.impute_delay(one, other)
        require(pandas_kind(got) == "frame" and schema.ARRIVAL_DELAY in got.columns, "gone")
        column = np.asarray(got[schema.ARRIVAL_DELAY], dtype=float)
        require(not np.isnan(column).any(), "nan")
        assert_close(column, airline.imputed(one, airline.mean_delay(other)))


def check_encoded(submission, table, class_mistakes=None, exchanged=()):
    """Encode for this table: names, rows, every column, labels.

    Args:
        class_mistakes: wrong codes of Class, by key.
        exchanged: columns of which the opposite is a mistake with a key.
    """
    X, y = unpack(submission.encode(table), "X", "y")
    require(pandas_kind(X) == "frame", "no_frame")
    names = X.columns.tolist()
    missing = [name for name in schema.FEATURES if name not in names]
    extra = [str(name) for name in names if name not in schema.FEATURES]
    require(not missing, "missing", count=len(names), names=", ".join(missing))
    require(not extra, "extra", names=", ".join(extra))
    require(names == list(schema.FEATURES), "order", names=", ".join(names))
    want = airline.features(table)
    for place, name in enumerate(schema.FEATURES):
        column = np.asarray(X.iloc[:, place])
        mistakes = {"exchanged": 1 - want[:, place]} if name in exchanged else {}
        if name == "Class":
            mistakes = class_mistakes
        require(column.dtype.kind in "iufb", "text", name=name)
        assert_close(column.astype(float), want[:, place], mistakes=mistakes)
    truth = airline.labels(table)
    labels = np.asarray(y)
    require(labels.dtype.kind in "iufb", "text", name="y")
    assert_close(labels.astype(float), truth, mistakes={"labels_exchanged": 1 - truth} if exchanged else None)
    require(X.index.tolist() == table.index.tolist(), "index")


def codes(table, order):
    """Class coded by this order of the classes."""
    return np.array([order.index(value) for value in table["Class"]])


@graded(points=3)
def test_encode(submission, rng):
    one_hot = [name for name in schema.FEATURES if name not in schema.COLUMNS]
    for _ in range(2):
        # Seven passengers of each class, one of Eco Plus first: the order of appearance is none of the other orders.
        table = passengers(rng, 21)
        start = table["Class"].tolist().index("Eco Plus")
        table = pd.concat([table.iloc[start:], table.iloc[:start]])
        class_mistakes = {
            "alphabetical": codes(table, sorted(CLASSES)),
            "reversed": codes(table, CLASSES[::-1]),
            "by_appearance": codes(table, list(dict.fromkeys(table["Class"]))),
            "from_one": codes(table, CLASSES) + 1,
        }
        check_encoded(submission, table, class_mistakes, one_hot)
    check_encoded(submission, passengers(rng, 5).rename("passenger {}".format))


@graded(points=2, after=["encode"])
def test_absent(submission, rng):
    travel = [name for name in schema.FEATURES if name.startswith("Type of Travel_")]
    for category in schema.CATEGORIES["Type of Travel"]:
        table = passengers(rng, 9, fixed={"Type of Travel": category})
        check_encoded(submission, table, exchanged=travel)
    table = passengers(rng, 6, fixed={"Class": "Business", "Gender": "Female"})
    check_encoded(submission, table, {"class_codes": np.zeros(6)})
    for _ in range(2):
        check_encoded(submission, passengers(rng, 1))


def check_split(submission, rows, satisfied, rng, seed, columns=("row", "other")):
    """Split for so many rows: each row once with its label, sizes, the share of satisfied passengers."""
    y = np.zeros(rows, dtype=int)
    y[rng.permutation(rows)[:satisfied]] = 1
    index = rng.permutation(2 * rows)[:rows]
    X = pd.DataFrame({"row": np.arange(rows), "other": rng.normal(size=rows)}, index=index)[list(columns)]
    parts = unpack(submission.split.within(30)(X, pd.Series(y, index=index), seed), *PARTS)
    found = [numbers(part) for part in parts]
    axes = [part.ndim for part in found]
    require(axes == [2, 2, 2, 1, 1, 1] or sorted(axes) != [1, 1, 1, 2, 2, 2], "parts_order")
    for name, part in zip(PARTS[:3], found[:3]):
        require(part.ndim == 2 and part.shape[1] == len(columns), "columns", name=name, shape=str(part.shape))
    for name, part in zip(PARTS[3:], found[3:]):
        require(part.ndim == 1, "labels_shape", name=name, shape=str(part.shape))
    test = int(np.ceil(rows * TEST))
    val = int(np.ceil((rows - test) * VALIDATION))
    want = [rows - test - val, val, test]
    sizes = [len(part) for part in found]
    require(sizes == want * 2, "sizes", got=sizes, want=want * 2)
    ids = [part[:, 0].astype(int) for part in found[:3]]
    require(np.array_equal(np.sort(np.concatenate(ids)), np.arange(rows)), "each_row")
    for name, part, rows_of_part in zip(PARTS, found, ids):
        require(np.allclose(part, X.to_numpy()[rows_of_part]), "other_values", name=name)
    for place, rows_of_part in enumerate(ids):
        require(np.array_equal(found[3 + place], y[rows_of_part]), "torn_apart", name=PARTS[3 + place])
    shares = (("y_test", test, rows, satisfied), ("y_val", val, rows - test, satisfied - found[5].sum()))
    for (name, count, among, positive), labels in zip(shares, (found[5], found[4])):
        ideal = positive * count / among
        require(
            abs(labels.sum() - ideal) < 1, "share", name=name, got=int(labels.sum()), ideal=f"{ideal:.1f}"
        )


def seed_of(rng):
    return int(rng.integers(2, 10_000))


@graded(points=3)
def test_split(submission, rng):
    for rows, seed in ((47, seed_of(rng)), (133, 0), (600, 1)):
        check_split(submission, rows, int(rows * rng.uniform(0.3, 0.7)), rng, seed)
    check_split(submission, 61, 30, rng, seed_of(rng), columns=["row"])


@graded(points=1, after=["split"])
def test_random_state(submission, rng):
    rows = 60
    X = pd.DataFrame({"row": np.arange(rows), "other": np.zeros(rows)})
    y = pd.Series((np.arange(rows) % 2).astype(int))
    seeds = [0, *(rng.permutation(10_000)[:11] + 1).tolist()]

    def parts_of(seed):
        parts = unpack(submission.split(X, y, seed), *PARTS)
        return [set(numbers(part)[:, 0].astype(int)) for part in parts[:3]]

    splits = [parts_of(seed) for seed in seeds]
    for place in (0, 1):  # 0 too is a seed
        require(parts_of(seeds[place]) == splits[place], "not_repeatable", seed=seeds[place])
    for part in (1, 2):
        chosen = set().union(*(parts[part] for parts in splits))
        require(len(chosen) > rows // 2, "not_random", name=PARTS[part], count=len(chosen))


@graded(points=1, after=["split"])
def test_lecture(submission, rng):
    check_split(submission, LECTURE_ROWS, LECTURE_SATISFIED, rng, seed_of(rng))


def frame(rng, values):
    """A table of these numbers, its index in no order."""
    return pd.DataFrame(
        values, columns=list("abcd")[: values.shape[1]], index=rng.permutation(100)[: len(values)]
    )


def check_scaled(submission, X, fitted_on, mistakes=None):
    got = numbers(submission.min_max_scale(X, fitted_on))
    assert_close(got, airline.min_max(X, fitted_on), mistakes=mistakes)


@graded(points=3)
def test_scale(submission, rng):
    for rows, fitted_rows, below in ((6, 11, -0.3), (15, 8, -0.4), (15, 8, -0.6)):
        fitted = rng.normal([5, -20, 1000], [1, 10, 300], size=(fitted_rows, 3))
        low, high = fitted.min(axis=0), fitted.max(axis=0)
        # Rows inside the range of fitted_on and one below it.
        scaled = rng.uniform(0.2, 0.8, size=(rows, 3))
        scaled[rng.integers(rows)] = below
        x = low + scaled * (high - low)
        mistakes = {
            "own": airline.min_max(x, x),
            "both": airline.min_max(x, np.concatenate([x, fitted])),
            "clipped": np.clip(scaled, 0, 1),
            "standardised": (x - fitted.mean(axis=0)) / fitted.std(axis=0),
            "whole_table": (x - fitted.min()) / np.ptp(fitted),
            "by_maximum": x / high,
        }
        check_scaled(submission, frame(rng, x), frame(rng, fitted), mistakes)
        check_scaled(submission, frame(rng, x + high - low), frame(rng, fitted))
    for shape, fitted_rows in (((5, 2), 4), ((1, 3), 6), ((4, 1), 3), ((9, 4), 7)):
        for draw in (rng.normal, lambda size: rng.integers(-30, 30, size=size)):
            # One row is above all others, so that no column is constant.
            fitted = np.vstack([draw(size=(fitted_rows, shape[1])), np.full((1, shape[1]), 99)])
            check_scaled(submission, frame(rng, draw(size=shape)), frame(rng, fitted))


@graded(points=1, after=["scale"])
def test_constant(submission, rng):
    fitted_on = pd.DataFrame({"zero": np.zeros(5), "b": rng.normal(size=5), "one": np.ones(5)})
    X = pd.DataFrame({"zero": [0.0, 1.0, 0.0], "b": rng.normal(size=3), "one": [1.0, 1.0, 0.0]})
    whole = frame(rng, rng.integers(-9, 9, size=(4, 3)))
    for table, fitted in ((X, fitted_on), (fitted_on, fitted_on), (X, X.iloc[:1]), (whole, whole.iloc[1:2])):
        got = numbers(submission.min_max_scale(table, fitted))
        require(np.all(np.isfinite(got)), "divided_by_zero")
        assert_close(got, airline.min_max(table, fitted))


@graded(points=2, after=["impute", "encode", "split", "scale"], hidden=True)
def test_other_tables(submission, rng):
    check_imputed(submission, passengers(rng, 21, missing=9), passengers(rng, 5, missing=2))
    table = generated.small(seed=int(rng.integers(2**63))).sample(
        frac=1, random_state=int(rng.integers(1000))
    )
    check_encoded(submission, table[rng.permutation(list(table))].head(300))
    check_split(submission, 5000, 2737, rng, seed_of(rng))
    X = pd.DataFrame(rng.integers(-5, 6, size=(9, 4)), columns=list("abcd"))
    assert_close(numbers(submission.min_max_scale(X, X.iloc[:6])), airline.min_max(X, X.iloc[:6]))
