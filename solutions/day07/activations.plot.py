"""Activation functions beside their derivatives."""

import numpy as np

LABELS = {
    "en": {
        "functions": "Activation functions",
        "derivatives": "Their derivatives",
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "peak": "sigmoid: never\nabove {peak:g}",
        "input": "input x",
    },
    "ko": {
        "functions": "활성화 함수",
        "derivatives": "도함수",
        "sigmoid": "시그모이드",
        "tanh": "tanh",
        "relu": "ReLU",
        "peak": "시그모이드의\n최댓값은 {peak:g}",
        "input": "입력 x",
    },
}


def draw(figure, solution, labels):
    """Left the functions, right their derivatives, over the same inputs."""
    x = np.linspace(-5, 5, 1001)
    left, right = figure.subplots(1, 2)
    for name in ("sigmoid", "tanh", "relu"):
        left.plot(x, getattr(solution, name)(x), label=labels[name])
        slope = solution.derivative(name, x)
        if name == "relu":
            slope[x == 0] = np.nan  # a jump, not a steep line
        right.plot(x, slope, label=labels[name])
    peak = solution.derivative("sigmoid", np.zeros(1))[0]
    text = labels["peak"].format(peak=peak)
    right.annotate(text, (0, peak), (1.7, 0.45), va="center", arrowprops={"arrowstyle": "->"})
    left.set(title=labels["functions"], xlabel=labels["input"], ylim=(-1.3, 3.3))
    right.set(title=labels["derivatives"], xlabel=labels["input"], ylim=(-0.06, 1.1))
    left.legend(loc="upper left")
