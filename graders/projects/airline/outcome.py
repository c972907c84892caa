"""What came out of a whole run, as it is shown, drawn and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from graders.projects.airline import charts


@dataclass(frozen=True)
class Outcome:
    """`matrix` and `report` are the learner's own; `accuracy` is counted from the probabilities, `source` says where from."""

    source: Any
    sizes: tuple[int, int, int]
    features: int
    history: Mapping[str, list[float]]
    best_epoch: int
    matrix: np.ndarray[Any, Any]
    report: Mapping[str, Any]
    accuracy: float
    due: float | None
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the accuracy is what it should be on this table; true where nothing is known of it."""
        return self.due is None or self.accuracy >= self.due

    @property
    def pictures(self) -> dict[str, Callable[[Any, Any], None]]:
        """Learning curves and confusion matrix, as the lecture shows them."""
        return {
            charts.CURVES: partial(charts.draw_curves, self),
            charts.MATRIX: partial(charts.draw_matrix, self),
        }

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""
        return {
            "source": self.source.kind,
            "rows": self.source.rows,
            "sizes": list(self.sizes),
            "features": self.features,
            "epochs": len(self.history["val_loss"]),
            "best_epoch": self.best_epoch,
            "history": {name: list(values) for name, values in self.history.items()},
            "confusion_matrix": self.matrix.tolist(),
            "report": _plain(self.report),
            "accuracy": self.accuracy,
            "due": self.due,
            "passed": self.passed,
            "seconds": self.seconds,
        }

    def show(self, labels: Mapping[str, Any]) -> Iterator[Any]:
        """Sizes, training, matrix, report and accuracy for rich to print."""
        from rich.table import Table
        from rich.text import Text

        train, val, test = (f"{size:,}" for size in self.sizes)
        yield labels["sizes"].format(train=train, val=val, test=test, features=self.features)
        epochs = len(self.history["val_loss"])
        yield labels["trained"].format(epochs=epochs, seconds=f"{self.seconds:.0f}", best=self.best_epoch)
        yield ""
        matrix = Table(box=None, padding=(0, 2, 0, 0), title=labels["matrix_title"], title_justify="left")
        for heading in ("", *labels["predicted_classes"]):
            matrix.add_column(heading, justify="right" if heading else "left")
        for name, row in zip(labels["true_classes"], self.matrix, strict=True):
            matrix.add_row(name, *(f"{count:,}" for count in row))
        yield matrix
        yield ""
        yield _table(self.report)
        yield ""
        line = Text(labels["accuracy_line"].format(accuracy=f"{self.accuracy:.4f}"), style="bold")
        if self.due is not None:
            due = labels["due"].format(due=f"{self.due:.2f}")
            line.append(f" ({due})", style="green" if self.passed else "red")
        yield line


def _table(report: Mapping[str, Any]) -> Any:
    """The report as scikit-learn prints it; its words are the same in every language."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    names = ("precision", "recall", "f1-score", "support")
    for heading in ("", *names):
        table.add_column(heading, justify="right" if heading else "left")
    for row in ("dissatisfied", "satisfied", "macro avg", "weighted avg"):
        figures = [f"{report[row][name]:.2f}" for name in names[:-1]]
        table.add_row(row, *figures, f"{report[row]['support']:.0f}")
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return float(value)
