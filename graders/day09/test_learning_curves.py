"""Grader of day09/learning_curves."""

import contextlib

import numpy as np

from course.grading import Figure, assert_close, assert_equal, fail, figure, graded, require, unpack
from course.grading.errors import Failure

# Of each axes: its title, the label of its y-axis.
TEXTS = {"accuracy": ("Model Accuracy", "Accuracy"), "loss": ("Model Loss", "Loss")}
CURVES = {"Train": "", "Validation": "val_"}
RANGES = {
    "accuracy": (0.87, 0.99),
    "val_accuracy": (0.5, 0.85),
    "loss": (0.05, 0.19),
    "val_loss": (0.21, 0.45),
}


def drawn_history(rng, epochs):
    """Four times these epochs, in a dict of any order; of many epochs those of interest lie two and more apart."""
    values = {name: rng.permutation(np.linspace(*RANGES[name], epochs)) for name in RANGES}
    if epochs >= 11:
        wanted = (("val_loss", min), ("val_loss", max), ("val_accuracy", max), ("loss", min))
        for (name, extreme), place in zip(wanted, 2 + 2 * rng.permutation((epochs - 3) // 2)):
            other = values[name].tolist().index(extreme(values[name]))
            values[name][[place, other]] = values[name][[other, place]]
    return {str(name): values[name].tolist() for name in rng.permutation(list(RANGES))}


def alike(one, other):
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-6)


@contextlib.contextmanager
def otherwise(key, **values):
    """What another test looks at in detail fails here in a word."""
    try:
        yield
    except Failure:
        fail(key, **values)


def check_turning_point(submission, history, *, diagnose=False):
    epoch, rise = unpack(submission.turning_point(history), "epoch", "rise")
    losses = history["val_loss"]
    best = int(np.argmin(losses))
    mistakes = {
        "from_zero": best,
        "best_accuracy": int(np.argmax(history["val_accuracy"])) + 1,
        "training": int(np.argmin(history["loss"])) + 1,
        "worst": int(np.argmax(losses)) + 1,
    }
    assert_equal(epoch, best + 1, mistakes=mistakes if diagnose else None)
    wrong = {
        "falling": losses[best] - losses[-1],
        "highest": max(losses) - losses[best],
        "since_first": losses[0] - losses[best],
        "last": losses[-1],
        "gap": losses[-1] - history["loss"][-1],
    }
    assert_close(rise, losses[-1] - losses[best], mistakes=wrong if diagnose else None)


@graded(points=2)
def test_turning_point(submission, rng):
    for epochs in (11, 18):
        history = drawn_history(rng, epochs)
        check_turning_point(submission, history, diagnose=True)
    # Two epochs share the lowest loss; then the last epoch is the lowest.
    for lower in (0, 0.01):
        history["val_loss"][-1] = min(history["val_loss"]) - lower
        check_turning_point(submission, history)


def shows(axes, history):
    """Which of accuracy and loss an axes shows, by the numbers of its curves."""
    return [
        name
        for name in TEXTS
        if any(alike(line.y, history[prefix + name]) for line in axes.curves for prefix in CURVES.values())
    ]


def drawn(submission, history, earlier=None):
    """The figure for this history and its two axes by what they show; what is wrong with it as a whole fails."""
    got = submission.plot_curves(history)
    require(got is not None or submission.current_figure() is None, "not_returned")
    if isinstance(got, list | tuple) and len(got) > 1 and all(isinstance(each, Figure) for each in got):
        fail("several_figures", count=len(got))
    got = figure(got)
    require(not got.shown, "shown")
    panels = [axes for axes in got.axes if axes.curves]
    for values in (earlier or {}).values():
        require(not any(alike(line.y, values) for axes in panels for line in axes.curves), "drawn_again")
    if len(panels) == 1:
        require(len(shows(panels[0], history)) < 2, "one_axes")
        fail("one_missing")
    require(len(panels) == 2, "axes", count=len(panels))
    require(len(got.axes) == 2, "empty", count=len(got.axes) - 2)
    require([shows(axes, history) for axes in panels] != [["loss"], ["accuracy"]], "order")
    return got, dict(zip(TEXTS, panels))


@graded(points=2)
def test_figure(submission, rng):
    first, second = drawn_history(rng, 9), drawn_history(rng, 12)
    drawn(submission, first)
    drawn(submission, second, earlier=first)


def check_curves(panels, history):
    """Each axes has its two curves over the epochs from 1; the curves by axes and name."""
    return {name: check_axes(axes, history, name) for name, axes in panels.items()}


def check_axes(axes, history, name):
    title = TEXTS[name][0]
    want = {called: history[prefix + name] for called, prefix in CURVES.items()}
    found = {
        called: next((line for line in axes.curves if alike(line.y, values)), None)
        for called, values in want.items()
    }
    if len(axes.curves) == 1:
        require(found["Train"] is None, "validation_missing", axes=title)
        require(found["Validation"] is None, "training_missing", axes=title)
    twice = {"Train": ("validation_twice", "Validation"), "Validation": ("training_twice", "Train")}
    for called, (key, other) in twice.items():
        if found[called] is None:
            found[called] = next(line for line in axes.curves if line is not found[other])
            assert_close(found[called].y, want[called], mistakes={key: want[other]})
    require(len(axes.curves) == 2, "too_many", axes=title, count=len(axes.curves))
    epochs = np.arange(1, len(history[name]) + 1)
    for line in found.values():
        require(not alike(line.x, epochs - 1), "from_zero")
        assert_close(line.x, epochs)
    return found


@graded(points=3, after=["figure"])
def test_curves(submission, rng):
    for epochs in (8, 13, 2):
        history = drawn_history(rng, epochs)
        with otherwise("figure"):
            _, panels = drawn(submission, history)
        check_curves(panels, history)


def name_of(text):
    """The curve that a legend's text means: Train, Training or Train accuracy, say."""
    text = (text or "").casefold()
    found = [called for called, part in (("Train", "train"), ("Validation", "val")) if part in text]
    return found[0] if len(found) == 1 else ""


def check_legends(got, panels, curves):
    for name, axes in panels.items():
        title = TEXTS[name][0]
        require(axes.legend or got.legend, "no_legend", axes=title)
        names = {called: got.called(axes, line) for called, line in curves[name].items()}
        said = {called: name_of(text) for called, text in names.items()}
        require(said != {"Train": "Validation", "Validation": "Train"}, "exchanged", axes=title)
        for called, text in names.items():
            require(text is not None, "unnamed", axes=title, curve=called)
            require(said[called] == called, "words", axes=title, got=repr(text), curve=called)


@graded(points=2, after=["curves"])
def test_legend(submission, rng):
    for epochs in (7, 11):
        history = drawn_history(rng, epochs)
        with otherwise("curves"):
            got, panels = drawn(submission, history)
            curves = check_curves(panels, history)
        check_legends(got, panels, curves)


def same_words(text, want):
    """Capitals and blanks do not matter, nor whether it says epoch or epochs."""
    text, want = ("".join(each.split()).casefold() for each in (text, want))
    return text in (want, f"{want}s")


def check_texts(panels):
    for name, axes in panels.items():
        title, label = TEXTS[name]
        require(axes.title, "no_title", axes=title)
        require(same_words(axes.title, title), "title", got=repr(axes.title), want=repr(title))
        exchanged = same_words(axes.xlabel, label) and same_words(axes.ylabel, "Epoch")
        require(not exchanged, "axes_exchanged", axes=title)
        require(axes.xlabel, "no_xlabel", axes=title)
        require(same_words(axes.xlabel, "Epoch"), "xlabel", axes=title, got=repr(axes.xlabel))
        require(axes.ylabel, "no_ylabel", axes=title, want=repr(label))
        require(same_words(axes.ylabel, label), "ylabel", axes=title, got=repr(axes.ylabel), want=repr(label))


@graded(points=2, after=["figure"])
def test_texts(submission, rng):
    for epochs in (6, 10):
        with otherwise("figure"):
            _, panels = drawn(submission, drawn_history(rng, epochs))
        check_texts(panels)


def check_marks(panels, history, *, diagnose=False):
    best = int(np.argmin(history["val_loss"]))
    mistakes = {
        "from_zero": best,
        "best_accuracy": int(np.argmax(history["val_accuracy"])) + 1,
        "training": int(np.argmin(history["loss"])) + 1,
        "last": len(history["loss"]),
    }
    for name, axes in panels.items():
        places = {line.upright for line in axes.lines if line.upright is not None}
        require(places, "no_mark", axes=TEXTS[name][0])
        require(len(places) == 1, "several_marks", axes=TEXTS[name][0], count=len(places))
        assert_close(places.pop(), best + 1, mistakes=mistakes if diagnose else None)


@graded(points=2, after=["curves", "turning_point"])
def test_mark(submission, rng):
    for epochs in (11, 16):
        history = drawn_history(rng, epochs)
        with otherwise("figure"):
            _, panels = drawn(submission, history)
        check_marks(panels, history, diagnose=True)


@graded(points=2, after=["legend", "texts", "mark"], hidden=True)
def test_other_histories(submission, rng):
    for epochs in (2, 3, 42, 100):
        history = drawn_history(rng, epochs)
        with otherwise("turning_point", epochs=epochs):
            check_turning_point(submission, history)
        with otherwise("figure", epochs=epochs):
            got, panels = drawn(submission, history)
        with otherwise("curves", epochs=epochs):
            curves = check_curves(panels, history)
        with otherwise("legend", epochs=epochs):
            check_legends(got, panels, curves)
        with otherwise("texts", epochs=epochs):
            check_texts(panels)
        with otherwise("mark", epochs=epochs):
            check_marks(panels, history)
