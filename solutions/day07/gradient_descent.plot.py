"""Gradient descent on a parabola with three learning rates."""

import numpy as np

LABELS = {
    "en": {
        "title": "f(x) = x²: gradient descent converges while the rate is below 2/a = {limit:g}",
        "small": "rate {rate:g}: creeps down",
        "large": "rate {rate:g}: swings, but converges",
        "too_large": "rate {rate:g}: diverges",
        "start": "start",
    },
    "ko": {
        "title": "f(x) = x²: 학습률이 2/a = {limit:g}보다 작으면 경사하강법이 수렴합니다",
        "small": "학습률 {rate:g}: 천천히 내려감",
        "large": "학습률 {rate:g}: 좌우로 오가며 수렴",
        "too_large": "학습률 {rate:g}: 발산",
        "start": "시작",
    },
}
CURVATURE = 2.0  # f(x) = a·x²/2
CASES = {"small": (0.12, -1.7, (12, 7)), "large": (0.9, -1.7, (12, 7)), "too_large": (1.06, -0.85, (-10, -5))}


def draw(figure, solution, labels):
    """One panel for each rate: the parabola and seven steps on it."""
    limit = solution.critical_rate(np.array([CURVATURE]))
    figure.suptitle(labels["title"].format(limit=limit))
    curve = np.linspace(-2, 2, 201)
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    for panel, (name, (rate, start, offset)) in zip(panels, CASES.items()):
        path = solution.gradient_descent(lambda x: CURVATURE * x, np.array([start]), rate, 7)[:, 0]
        height = CURVATURE * path**2 / 2
        panel.plot(curve, CURVATURE * curve**2 / 2, color="#999999")
        panel.plot(path, height, "o-", color="C1", linewidth=1.2, markersize=6)
        panel.plot(path[0], height[0], "o", color="C0", markersize=10)
        side = "left" if offset[0] > 0 else "right"
        panel.annotate(labels["start"], (path[0], height[0]), offset, textcoords="offset points", ha=side)
        panel.set(title=labels[name].format(rate=rate), xlabel="x", ylim=(-0.15, 4))
    panels[0].set_ylabel("f(x)")
