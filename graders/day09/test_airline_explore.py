"""Grader of day09/airline_explore."""

import numpy as np
import pandas as pd

from course.grading import array, assert_close, assert_equal, fail, graded, require
from course.grading.compare import refuse_kind
from course.worker.wire import pandas_kind
from graders.data.airline import generated, schema
from graders.reference import airline
from graders.reference.airline import passengers

TEXTS = ("Class", "Type of Travel", "Customer Type", "Gender")
COUNTS = ("missing", "distinct")


def surveyed(rng, column, satisfied, of):
    """A table in which so many passengers of each category of a column, by alphabet, are satisfied, of so many."""
    groups = np.repeat(sorted(schema.CATEGORIES[column]), of)
    labels = [
        label
        for yes, count in zip(satisfied, of)
        for label in [schema.SATISFIED] * yes + ["dissatisfied"] * (count - yes)
    ]
    order = rng.permutation(len(groups))
    return passengers(rng, len(order), fixed={column: groups[order], schema.TARGET: np.array(labels)[order]})


def with_gaps(rng, table):
    """The table with values missing, of each column another number, of one all; more rows than columns."""
    gaps = rng.permutation(len(table.columns))
    gaps[gaps.argmax()] = len(table)
    columns = {}
    for (name, column), count in zip(table.items(), gaps):
        values = np.array(column.tolist(), dtype=object)
        values[rng.permutation(len(values))[:count]] = None
        columns[name] = values if name in schema.CATEGORIES else values.astype(float)
    return pd.DataFrame(columns, index=table.index)


def check_overview(submission, table, *, diagnose=False):
    got = submission.overview(table)
    refuse_kind(got)
    require(pandas_kind(got) == "frame", "no_frame")
    names, columns = table.columns.tolist(), got.columns.tolist()
    require(columns != names, "lying")
    lacking = [name for name in ("type", *COUNTS) if columns.count(name) != 1]
    require(not lacking, "lacking", names=", ".join(lacking))
    require(got.index.tolist() == names, "index")
    types = ["text" if name in schema.CATEGORIES else "number" for name in names]
    mistakes = {"all_numbers": ["number"] * len(types), "all_texts": ["text"] * len(types)}
    assert_equal(got["type"].tolist(), types, mistakes=mistakes if diagnose else None)
    known = table.notna().sum().to_numpy()
    want = {"missing": len(table) - known, "distinct": table.nunique().to_numpy()}
    mistakes = {
        "missing": {"known": known, "missing_shares": want["missing"] / len(table)},
        "distinct": {"gap_as_value": want["distinct"] + (want["missing"] > 0)},
    }
    for name in COUNTS:
        assert_close(counts(got[name]), want[name], mistakes=mistakes[name] if diagnose else None)


def counts(column):
    """A column of whole numbers, of whatever dtype."""
    values = column.tolist()
    return np.array(values, dtype=float) if all(isinstance(each, int | float) for each in values) else values


@graded(points=3)
def test_overview(submission, rng):
    for _ in range(2):
        check_overview(submission, with_gaps(rng, passengers(rng, 40)), diagnose=True)
    check_overview(submission, passengers(rng, 12))
    check_overview(submission, passengers(rng, 9, missing=3)[["Class", schema.ARRIVAL_DELAY]])
    check_overview(submission, passengers(rng, 1, missing=1))
    check_overview(submission, passengers(rng, 1)[["Gender"]])


def shares(got):
    """A Series or dict as names with numbers."""
    if isinstance(got, dict):
        return got
    refuse_kind(got)
    require(pandas_kind(got) == "series", "no_series")
    return dict(zip(got.index.tolist(), got.tolist()))


def check_labels(submission, table, *, diagnose=False):
    got = shares(submission.label_shares(table))
    satisfied = float(np.mean(airline.labels(table)))
    want = {schema.SATISFIED: satisfied, "dissatisfied": 1 - satisfied}
    unknown = [str(name) for name in got if name not in want]
    require(not unknown, "unknown", names=", ".join(unknown))
    values = [got.get(name, 0.0) for name in want]  # a label that does not occur may be left out
    mistakes = {
        "exchanged": [1 - satisfied, satisfied],
        "counts": [share * len(table) for share in want.values()],
        "percent": [100 * share for share in want.values()],
    }
    assert_close(values, list(want.values()), mistakes=mistakes if diagnose else None)


@graded(points=2)
def test_label_shares(submission, rng):
    for satisfied in ((3, 2, 1), (8, 4, 5)):
        check_labels(submission, surveyed(rng, "Class", satisfied, (9, 4, 6)), diagnose=True)
    for label in (schema.SATISFIED, "dissatisfied"):
        check_labels(submission, passengers(rng, 6, fixed={schema.TARGET: label}))
        check_labels(submission, passengers(rng, 1, fixed={schema.TARGET: label}))


def check_shares(submission, table, column, *, diagnose=False):
    got = shares(submission.satisfied_share(table, column))
    labels, values = airline.labels(table), np.array(table[column].tolist())
    categories = sorted(set(values))
    require(sorted(map(str, got)) == categories, "categories", names=", ".join(map(str, got)))
    of = np.array([np.sum(values == each) for each in categories])
    satisfied = np.array([np.sum(labels[values == each]) for each in categories])
    want = satisfied / of
    mistakes = {
        "dissatisfied": 1 - want,
        "of_all_rows": satisfied / len(table),
        "turned_round": satisfied / max(1, satisfied.sum()),
        "counts": satisfied,
        "sizes": of / len(table),
        "percent": 100 * want,
    }
    assert_close([got[each] for each in categories], want, mistakes=mistakes if diagnose else None)
    ordered = list(got.values())
    if ordered != sorted(ordered, reverse=True):
        require(ordered != sorted(ordered), "ascending")
        fail("order")


@graded(points=3)
def test_satisfied_share(submission, rng):
    for column in ("Class", "Type of Travel", "Customer Type"):
        for _ in range(2):
            kinds = len(schema.CATEGORIES[column])
            of = 5 + 3 * rng.permutation(kinds)
            satisfied = 1 + rng.permutation(4)[:kinds]
            check_shares(submission, surveyed(rng, column, satisfied, of), column, diagnose=True)
    # By alphabet the lowest share first, then the highest; the largest category has one as well as the other.
    for satisfied in ((1, 3, 9), (8, 2, 1)):
        table = surveyed(rng, "Class", satisfied, (9, 8, 11))
        check_shares(submission, table, "Class")
        check_shares(submission, table, "Gender")


@graded(points=1, after=["satisfied_share"])
def test_edges(submission, rng):
    for label in (schema.SATISFIED, "dissatisfied"):
        check_shares(submission, passengers(rng, 7, fixed={schema.TARGET: label}), "Class")
    check_shares(submission, passengers(rng, 8, fixed={"Class": "Eco Plus"}), "Class")
    check_shares(submission, passengers(rng, 1), "Gender")


def correlations(table):
    """The correlation of each rating with the label, in the order of RATINGS; 0 where one of them is constant."""
    label = airline.labels(table).astype(float)
    ratings = np.array([table[name].tolist() for name in schema.RATINGS], dtype=float)
    ratings, label = ratings - ratings.mean(axis=1, keepdims=True), label - label.mean()
    scale = np.sqrt(np.sum(ratings**2, axis=1) * np.sum(label**2))
    return np.divide(ratings @ label, scale, out=np.zeros(len(ratings)), where=scale > 1e-9)


def check_correlations(submission, table, *, diagnose=False):
    got = shares(submission.rating_correlations(table))
    lacking = [name for name in schema.RATINGS if name not in got]
    extra = [str(name) for name in got if name not in schema.RATINGS]
    require(not lacking, "lacking", names=", ".join(lacking))
    require(not extra, "extra", names=", ".join(extra))
    found = [got[name] for name in schema.RATINGS]
    require(not any(isinstance(each, float) and np.isnan(each) for each in found), "nan")
    values = array(found, (len(found),))
    want = correlations(table)
    label = airline.labels(table)
    ratings = np.array([table[name].tolist() for name in schema.RATINGS], dtype=float)
    mistakes = {
        "sign": -want,
        "absolute": np.abs(want),
        "squared": want**2,
        "covariance": [np.cov(rating, label)[0, 1] for rating in ratings] if diagnose else np.nan,
        "means": [rating[label == 1].mean() - rating[label == 0].mean() for rating in ratings]
        if diagnose
        else np.nan,
    }
    assert_close(values, want, mistakes=mistakes if diagnose else None)
    ordered = [got[name] for name in got]
    if ordered != sorted(ordered, reverse=True):
        require(ordered != sorted(ordered), "ascending")
        fail("order")


@graded(points=3)
def test_correlations(submission, rng):
    for of in ((9, 14, 7), (11, 5, 14)):
        check_correlations(submission, surveyed(rng, "Class", (3, 2, 1), of), diagnose=True)
    for rows in (4, 25):
        check_correlations(submission, passengers(rng, rows))


@graded(points=1, after=["correlations"])
def test_constant(submission, rng):
    constant, others = rng.permutation(schema.RATINGS)[:2]
    table = passengers(rng, 20, fixed={constant: 3, others: [0, 1, 5, 4]})
    check_correlations(submission, table)
    for label in (schema.SATISFIED, "dissatisfied"):
        check_correlations(submission, passengers(rng, 5, fixed={schema.TARGET: label}))
    check_correlations(submission, passengers(rng, 1))


@graded(points=2, after=["overview", "label_shares", "edges", "constant"], hidden=True)
def test_other_tables(submission, rng):
    table = generated.small(rows=900, seed=int(rng.integers(2**63)))
    table = table.sample(frac=1, random_state=int(rng.integers(1000)))[rng.permutation(list(table))]
    check_overview(submission, table)
    check_labels(submission, table)
    for column in TEXTS:
        check_shares(submission, table, column)
    check_correlations(submission, table)
