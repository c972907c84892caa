"""Grader of day09/airline_preprocess."""

import numpy as np
import pandas as pd

from course.airline import generated, schema
from course.grading import assert_close, graded, require, unchanged, unpack
from course.reference import airline
from course.worker.wire import pandas_kind

CLASSES = schema.CATEGORIES["Class"]
TEST, VALIDATION = 0.15, 0.2
LECTURE_ROWS, LECTURE_SATISFIED = 129_880, 71_087
PARTS = ("X_train", "X_val", "X_test", "y_train", "y_val", "y_test")


def passengers(rng, rows, *, missing=0, fixed=None):
    """A small table: its columns shuffled, its index neither sorted nor 0, 1, 2 …; `fixed` holds whole columns."""
    table = {name: rng.integers(low, high + 1, rows) for name, (low, high) in schema.RANGES.items()}
    table |= {
        **{name: rng.choice(values, rows) for name, values in schema.CATEGORIES.items()},
        schema.ARRIVAL_DELAY: rng.integers(0, 200, rows).astype(float),
        **{name: np.full(rows, value) for name, value in (fixed or {}).items()},
    }
    table[schema.ARRIVAL_DELAY][rng.permutation(rows)[:missing]] = np.nan
    order = rng.permutation(list(table))
    return pd.DataFrame({name: table[name] for name in order}, index=rng.permutation(1000)[:rows] + 17)


def numbers(part):
    """A table of numbers as a float array, column by column: whole numbers and booleans may stand side by side."""
    if pandas_kind(part) == "frame":
        part = np.column_stack([np.asarray(part.iloc[:, place]) for place in range(part.shape[1])])
    return np.asarray(part, dtype=float)


def check_imputed(submission, table, fitted_on):
    """impute_delay for these tables, column by column."""
    got = unchanged(submission.impute_delay, table, fitted_on)
    require(pandas_kind(got) == "frame", "no_frame")
    require(len(got) == len(table), "rows", got=len(got), want=len(table))
    lost = [name for name in table.columns if name not in got.columns]
    require(not lost, "lost", names=", ".join(lost))
    delays = np.asarray(table[schema.ARRIVAL_DELAY], dtype=float)
    known = np.asarray(fitted_on[schema.ARRIVAL_DELAY], dtype=float)
    known = known[~np.isnan(known)]
    mistakes = {
        "own_mean": airline.imputed(table, airline.mean_delay(table)),
        "zero": airline.imputed(table, 0.0),
        "over_all_rows": lambda: airline.imputed(table, known.sum() / len(fitted_on)),
        "median": lambda: airline.imputed(table, np.median(known) if known.size else 0),
        "other_column": lambda: airline.imputed(table, fitted_on[schema.DEPARTURE_DELAY].mean()),
        "all_replaced": np.full(len(table), airline.mean_delay(fitted_on)),
    }
    column = np.asarray(got[schema.ARRIVAL_DELAY], dtype=float)
    require(not np.isnan(column).any() or np.isnan(delays).all(), "left", count=int(np.isnan(column).sum()))
    assert_close(column, airline.imputed(table, airline.mean_delay(fitted_on)), mistakes=mistakes)
    others = [name for name in table.columns if name != schema.ARRIVAL_DELAY]
    for name in others:
        require(got[name].tolist() == table[name].tolist(), "other_columns", name=name)
    require(got.index.tolist() == table.index.tolist(), "index")


@graded(points=2)
def test_impute(submission, rng):
    table = passengers(rng, 12, missing=4)
    check_imputed(submission, table, table)
    check_imputed(submission, passengers(rng, 9, missing=2), passengers(rng, 7, missing=1))
    check_imputed(submission, passengers(rng, 6), table)


@graded(points=1, after=["impute"])
def test_none_known(submission, rng):
    empty = passengers(rng, 5, missing=5)
    table = passengers(rng, 8, missing=3)
    for one, other in ((empty, table), (table, empty), (empty, empty)):
        got = unchanged(submission.impute_delay, one, other)
        require(pandas_kind(got) == "frame" and schema.ARRIVAL_DELAY in got.columns, "gone")
        column = np.asarray(got[schema.ARRIVAL_DELAY], dtype=float)
        require(not np.isnan(column).any(), "nan")
        assert_close(column, airline.imputed(one, airline.mean_delay(other)))


def check_encoded(submission, table):
    """Encode for this table: names, rows, every column, labels."""
    X, y = unpack(unchanged(submission.encode, table), "X", "y")
    require(pandas_kind(X) == "frame", "no_frame")
    names = X.columns.tolist()
    missing = [name for name in schema.FEATURES if name not in names]
    extra = [str(name) for name in names if name not in schema.FEATURES]
    require(not missing, "missing", count=len(names), names=", ".join(missing))
    require(not extra, "extra", names=", ".join(extra))
    require(names == list(schema.FEATURES), "order", names=", ".join(names))
    want = airline.features(table)
    for place, name in enumerate(schema.FEATURES):
        column = X.iloc[:, place]
        mistakes = {}
        if name == "Class":
            alphabetical = [sorted(CLASSES).index(value) for value in table["Class"]]
            mistakes = {
                "alphabetical": alphabetical,
                "reversed": 2 - want[:, place],
                "from_one": want[:, place] + 1,
            }
        elif name not in schema.COLUMNS:
            mistakes = {"exchanged": 1 - want[:, place]}
        column = np.asarray(column)
        require(column.dtype.kind in "iufb", "text", name=name)
        assert_close(column.astype(float), want[:, place], mistakes=mistakes)
    truth = airline.labels(table)
    labels = np.asarray(y)
    require(labels.dtype.kind in "iufb", "text", name="y")
    assert_close(labels.astype(float), truth, mistakes={"labels_exchanged": 1 - truth})
    require(X.index.tolist() == table.index.tolist(), "index")


@graded(points=3)
def test_encode(submission, rng):
    for rows in (14, 5):
        check_encoded(submission, passengers(rng, rows))


@graded(points=2, after=["encode"])
def test_absent(submission, rng):
    check_encoded(submission, passengers(rng, 9, fixed={"Type of Travel": "Personal Travel"}))
    check_encoded(submission, passengers(rng, 6, fixed={"Class": "Business", "Gender": "Female"}))
    check_encoded(submission, passengers(rng, 1))


def check_split(submission, rows, satisfied, rng):
    """Split for so many rows: each row once with its label, sizes, the share of satisfied passengers."""
    y = np.zeros(rows, dtype=int)
    y[rng.permutation(rows)[:satisfied]] = 1
    index = rng.permutation(2 * rows)[:rows]
    X = pd.DataFrame({"row": np.arange(rows), "other": rng.normal(size=rows)}, index=index)
    seed = int(rng.integers(10_000))
    parts = unpack(submission.split.within(30)(X, pd.Series(y, index=index), seed), *PARTS)
    found = [numbers(part) for part in parts]
    for name, part in zip(PARTS[:3], found[:3]):
        require(part.ndim == 2 and part.shape[1] == 2, "columns", name=name, shape=str(part.shape))
    for name, part in zip(PARTS[3:], found[3:]):
        require(part.ndim == 1, "labels_shape", name=name, shape=str(part.shape))
    test = int(np.ceil(rows * TEST))
    val = int(np.ceil((rows - test) * VALIDATION))
    want = [rows - test - val, val, test]
    sizes = [len(part) for part in found]
    require(sizes == want * 2, "sizes", got=sizes, want=want * 2)
    ids = [part[:, 0].astype(int) for part in found[:3]]
    require(np.array_equal(np.sort(np.concatenate(ids)), np.arange(rows)), "each_row")
    for place, rows_of_part in enumerate(ids):
        require(np.array_equal(found[3 + place], y[rows_of_part]), "torn_apart", name=PARTS[3 + place])
    shares = (("y_test", test, rows, satisfied), ("y_val", val, rows - test, satisfied - found[5].sum()))
    for (name, count, among, positive), labels in zip(shares, (found[5], found[4])):
        ideal = positive * count / among
        require(
            abs(labels.sum() - ideal) < 1, "share", name=name, got=int(labels.sum()), ideal=f"{ideal:.1f}"
        )


@graded(points=3)
def test_split(submission, rng):
    for rows in (47, 133, 600):
        check_split(submission, rows, int(rows * rng.uniform(0.3, 0.7)), rng)


@graded(points=1, after=["split"])
def test_random_state(submission, rng):
    rows = 60
    X = pd.DataFrame({"row": np.arange(rows), "other": np.zeros(rows)})
    y = pd.Series((np.arange(rows) % 2).astype(int))
    seeds = rng.permutation(10_000)[:12].tolist()

    def parts_of(seed):
        parts = unpack(submission.split(X, y, seed), *PARTS)
        return [set(numbers(part)[:, 0].astype(int)) for part in parts[:3]]

    splits = [parts_of(seed) for seed in seeds]
    require(parts_of(seeds[0]) == splits[0], "not_repeatable", seed=seeds[0])
    for part in (1, 2):
        chosen = set().union(*(parts[part] for parts in splits))
        require(len(chosen) > rows // 2, "not_random", name=PARTS[part], count=len(chosen))


@graded(points=1, after=["split"])
def test_lecture(submission, rng):
    check_split(submission, LECTURE_ROWS, LECTURE_SATISFIED, rng)


@graded(points=3)
def test_scale(submission, rng):
    for rows, fitted_rows in ((6, 11), (15, 8)):
        X, fitted_on = (
            pd.DataFrame(
                rng.normal([5, -20, 1000], [1, 10, 300], size=(count, 3)),
                columns=["a", "b", "c"],
                index=rng.permutation(100)[:count],
            )
            for count in (rows, fitted_rows)
        )
        want = airline.min_max(X, fitted_on)
        both = np.concatenate([X, fitted_on])
        mistakes = {
            "own": airline.min_max(X, X),
            "both": airline.min_max(X, both),
            "clipped": np.clip(want, 0, 1),
            "standardised": (X.to_numpy() - fitted_on.to_numpy().mean(axis=0))
            / fitted_on.to_numpy().std(axis=0),
            "whole_table": lambda X=X, fitted_on=fitted_on: (
                (X.to_numpy() - fitted_on.to_numpy().min()) / np.ptp(fitted_on.to_numpy())
            ),
            "by_maximum": X.to_numpy() / fitted_on.to_numpy().max(axis=0),
        }
        assert_close(numbers(unchanged(submission.min_max_scale, X, fitted_on)), want, mistakes=mistakes)


@graded(points=1, after=["scale"])
def test_constant(submission, rng):
    fitted_on = pd.DataFrame({"zero": np.zeros(5), "b": rng.normal(size=5), "one": np.ones(5)})
    X = pd.DataFrame({"zero": [0.0, 1.0, 0.0], "b": rng.normal(size=3), "one": [1.0, 1.0, 0.0]})
    for table in (X, fitted_on):
        got = numbers(submission.min_max_scale(table, fitted_on))
        require(np.all(np.isfinite(got)), "divided_by_zero")
        assert_close(got, airline.min_max(table, fitted_on))


@graded(points=2, after=["impute", "encode", "split", "scale"], hidden=True)
def test_other_tables(submission, rng):
    check_imputed(submission, passengers(rng, 21, missing=9), passengers(rng, 5, missing=2))
    table = generated.small(seed=int(rng.integers(2**31))).sample(
        frac=1, random_state=int(rng.integers(1000))
    )
    check_encoded(submission, table[rng.permutation(list(table))].head(300))
    check_split(submission, 5000, 2737, rng)
    X = pd.DataFrame(rng.integers(-5, 6, size=(9, 4)), columns=list("abcd"))
    assert_close(numbers(submission.min_max_scale(X, X.iloc[:6])), airline.min_max(X, X.iloc[:6]))
