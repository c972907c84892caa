"""Four optimizers on their way down an elongated bowl."""

import numpy as np

LABELS = {
    "en": {
        "title": "The same bowl, the same start, {steps} steps",
        "sgd": "SGD, rate {rate:g}",
        "momentum": "Momentum, rate {rate:g}",
        "rmsprop": "RMSprop, rate {rate:g}",
        "adam": "Adam, rate {rate:g}",
        "left": "loss after the last step: {loss:.2g}",
    },
    "ko": {
        "title": "같은 손실, 같은 시작점, {steps}스텝",
        "sgd": "SGD, 학습률 {rate:g}",
        "momentum": "모멘텀, 학습률 {rate:g}",
        "rmsprop": "RMSprop, 학습률 {rate:g}",
        "adam": "Adam, 학습률 {rate:g}",
        "left": "마지막 스텝 뒤의 손실: {loss:.2g}",
    },
}
CURVATURES = np.array([1.0, 25.0])
START = np.array([-9.0, 2.2])
STEPS = 40
RATES = {"sgd": 0.075, "momentum": 0.02, "rmsprop": 0.4, "adam": 0.5}


def loss(w):
    """(w₁² + 25·w₂²) / 2."""
    return CURVATURES @ w**2 / 2


def path(solution, name):
    """All points an optimizer visits, shape (STEPS + 1, 2)."""
    step, zeros = getattr(solution, name), np.zeros(2)
    state = {"sgd": (), "momentum": (zeros,), "rmsprop": (zeros,), "adam": (zeros, zeros, 0)}[name]
    points = [START]
    for _ in range(STEPS):
        result = step(points[-1], CURVATURES * points[-1], *state, RATES[name])
        w, *state = result if state else (result,)
        points.append(w)
    return np.array(points)


def draw(figure, solution, labels):
    """One panel for each optimizer: the bowl's contours and the path."""
    figure.suptitle(labels["title"].format(steps=STEPS))
    x, y = np.meshgrid(np.linspace(-10, 4, 141), np.linspace(-2.6, 2.6, 105))
    bowl = (CURVATURES[0] * x**2 + CURVATURES[1] * y**2) / 2
    for number, (panel, name) in enumerate(zip(figure.subplots(2, 2, sharex=True, sharey=True).flat, RATES)):
        points = path(solution, name)
        panel.grid(visible=False)
        panel.contour(x, y, bowl, levels=[0.5, 3, 9, 20, 40, 70, 110], colors="#C8C8C8", linewidths=1)
        panel.plot(*points.T, "o-", color=f"C{number}", linewidth=1.5, markersize=4)
        panel.plot(*START, "o", color="#333333", markersize=8)
        panel.plot(0, 0, "*", color="#333333", markersize=14)
        panel.set_title(labels[name].format(rate=RATES[name]))
        text = labels["left"].format(loss=loss(points[-1]))
        panel.text(
            3.8, -2.45, text, ha="right", size=11, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2}
        )
        panel.label_outer()
        panel.set_xlabel("w₁" if number > 1 else "")
        panel.set_ylabel("w₂" if number % 2 == 0 else "")
