"""The pictures of a whole run: learning curves and confusion matrix, as the lecture shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from course.content import plots

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CURVES: Final = "airline_learning_curves.png"
MATRIX: Final = "airline_confusion_matrix.png"


def draw_curves(result: Any, figure: Figure, labels: dict[str, Any]) -> None:
    """Loss and accuracy by epoch, the best epoch marked."""
    figure.suptitle(labels["title"].format(rows=f"{result.sizes[0]:,}"))
    left, right = figure.subplots(1, 2)
    for axes, name in ((left, "loss"), (right, "accuracy")):
        epochs = np.arange(1, len(result.history[name]) + 1)
        axes.plot(epochs, result.history[name], label=labels["training"])
        axes.plot(epochs, result.history[f"val_{name}"], label=labels["validation"])
        best = labels["best"].format(epoch=result.best_epoch)
        axes.axvline(result.best_epoch, color="#999999", linestyle=":", linewidth=1.5, label=best)
        axes.set(title=labels[name], xlabel=labels["epoch"])
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend(frameon=True, framealpha=1, edgecolor="none")


def draw_matrix(result: Any, figure: Figure, labels: dict[str, Any]) -> None:
    """The four counts, each with its share of its row."""
    figure.suptitle(
        labels["matrix"].format(rows=f"{result.matrix.sum():,}", accuracy=f"{result.accuracy:.4f}")
    )
    axes = figure.subplots()
    shares = result.matrix / np.maximum(result.matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (true, predicted), count in np.ndenumerate(result.matrix):
        share = labels["share"].format(share=f"{shares[true, predicted]:.1%}")
        ink = "white" if shares[true, predicted] > 0.5 else plots.INK
        axes.text(predicted, true, f"{count:,}", ha="center", va="bottom", size=20, color=ink)
        axes.text(predicted, true + 0.06, share, ha="center", va="top", size=12, color=ink)
    axes.grid(visible=False)
    axes.set(xlabel=labels["predicted"], ylabel=labels["true"])
    axes.set_xticks([0, 1], labels["classes"])
    axes.set_yticks([0, 1], labels["classes"])
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
