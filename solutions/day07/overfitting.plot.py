"""Training and validation loss, the best epoch, and where early stopping ends the run."""

import numpy as np

LABELS = {
    "en": {
        "title": "Early stopping with patience {patience}",
        "train": "training loss",
        "val": "validation loss",
        "epoch": "epoch",
        "loss": "loss",
        "best": "best: epoch {epoch}",
        "stop": "stop: epoch {epoch}",
        "waiting": "{patience} epochs\nwithout\nimprovement",
        "gap": "gap",
        "never": "never run",
    },
    "ko": {
        "title": "조기 종료, patience = {patience}",
        "train": "훈련 손실",
        "val": "검증 손실",
        "epoch": "에포크",
        "loss": "손실",
        "best": "가장 좋은 에포크 {epoch}",
        "stop": "에포크 {epoch}에서 멈춤",
        "waiting": "개선 없는\n에포크\n{patience}번",
        "gap": "두 손실의 차이",
        "never": "실행되지 않음",
    },
}
PATIENCE = 10


def curves():
    """Made-up losses of 60 epochs; the lowest validation loss is that of epoch 32."""
    epoch = np.arange(1, 61)
    noise = np.random.default_rng(3).normal(scale=0.004, size=(2, 60))
    train = 0.06 + 0.62 * np.exp(-epoch / 13) + noise[0] / 2
    val = 0.2 + 0.5 * np.exp(-epoch / 9) + 0.00016 * np.maximum(epoch - 24, 0) ** 2 + noise[1]
    val[31] = val.min() - 0.006
    return epoch, train, val


def draw(figure, solution, labels):
    """Both curves; what lies after the stop is dotted, because it is never run."""
    epoch, train, val = curves()
    best, stop = solution.early_stopping(val, PATIENCE)
    gap = solution.generalization_gap(train, val)
    axes = figure.subplots()
    for losses, colour, name in ((train, "C0", "train"), (val, "C1", "val")):
        axes.plot(epoch[:stop], losses[:stop], color=colour, label=labels[name])
        axes.plot(epoch[stop - 1 :], losses[stop - 1 :], ":", color=colour, linewidth=1.6)
    axes.axvspan(best, stop, color="#EEEEEE", zorder=0)
    axes.text((best + stop) / 2, 0.54, labels["waiting"].format(patience=PATIENCE), ha="center", va="center")
    for place, name, side in ((best, "best", "right"), (stop, "stop", "left")):
        axes.axvline(place, color="#333333", linewidth=1.2, linestyle="--")
        text = labels[name].format(epoch=place)
        axes.text(place + (0.6 if side == "left" else -0.6), 0.66, text, ha=side)
    axes.plot(best, val[best - 1], "o", color="C1", markersize=10)
    axes.annotate("", (stop, val[stop - 1]), (stop, train[stop - 1]), arrowprops={"arrowstyle": "<->"})
    axes.text(stop + 0.6, train[stop - 1] + gap[stop - 1] / 2, labels["gap"], va="center")
    axes.text(51.5, 0.42, labels["never"], ha="center", color="#666666")
    axes.set(xlabel=labels["epoch"], ylabel=labels["loss"], xlim=(0, 61), ylim=(0, 0.72))
    axes.set_title(labels["title"].format(patience=PATIENCE))
    axes.legend(loc="lower left")
