"""Learning curves of a training that went on for too long, and where it should have stopped."""

import numpy as np

LABELS = {
    "en": {
        "epoch": "epoch",
        "accuracy": "accuracy",
        "loss": "loss",
        "train": "training",
        "validation": "validation",
        "stop": "stop here: epoch {epoch}",
        "rise": "+{rise:.2f} since",
    },
    "ko": {
        "epoch": "에포크",
        "accuracy": "정확도",
        "loss": "손실",
        "train": "훈련",
        "validation": "검증",
        "stop": "여기서 멈춤: 에포크 {epoch}",
        "rise": "그 뒤로 +{rise:.2f}",
    },
}


def draw(figure, solution, labels):
    rng = np.random.default_rng(3)
    t = np.arange(40)
    falling = np.exp(-t / 8)
    history = {
        "accuracy": 0.96 - 0.3 * falling + rng.normal(0, 0.003, 40),
        "val_accuracy": 0.9 - 0.22 * falling - 0.001 * t + rng.normal(0, 0.004, 40),
        "loss": 0.08 + 0.5 * falling + rng.normal(0, 0.004, 40),
        "val_loss": 0.22 + 0.33 * falling + 0.0035 * t + rng.normal(0, 0.006, 40),
    }
    history = {name: values.tolist() for name, values in history.items()}
    stop, rise = solution.turning_point(history)
    for axes, name in zip(figure.subplots(1, 2), ("accuracy", "loss")):
        axes.plot(t + 1, history[name], label=labels["train"])
        axes.plot(t + 1, history[f"val_{name}"], label=labels["validation"])
        axes.axvline(stop, color="#999999", linestyle=":", label=labels["stop"].format(epoch=stop))
        axes.set(title=labels[name], xlabel=labels["epoch"])
        place = "lower right" if name == "accuracy" else "upper right"
        axes.legend(loc=place, frameon=True, framealpha=1, edgecolor="none")
    axes.annotate(
        labels["rise"].format(rise=rise),
        (40, history["val_loss"][-1]),
        (-6, 14),
        textcoords="offset points",
        ha="right",
    )
