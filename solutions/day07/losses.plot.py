"""What a loss charges for one prediction."""

import numpy as np

LABELS = {
    "en": {
        "classification": "Binary cross-entropy of one sample",
        "p": "predicted probability p of class 1",
        "loss": "loss",
        "label": "label {y}",
        "half": "undecided: ln 2 = {loss:.3f}",
        "regression": "Regression: loss of one prediction",
        "error": "error (prediction − target)",
        "mse": "squared error (MSE)",
        "mae": "absolute error (MAE)",
    },
    "ko": {
        "classification": "샘플 하나의 이진 교차 엔트로피",
        "p": "클래스 1의 예측 확률 p",
        "loss": "손실",
        "label": "레이블 {y}",
        "half": "반반일 때 ln 2 = {loss:.3f}",
        "regression": "회귀: 예측 하나의 손실",
        "error": "오차 (예측 − 정답)",
        "mse": "제곱오차 (MSE)",
        "mae": "절대오차 (MAE)",
    },
}


def draw(figure, solution, labels):
    """Left cross-entropy against the probability, right squared and absolute error."""
    left, right = figure.subplots(1, 2)
    p = np.linspace(0.002, 0.998, 499)
    for y in (1, 0):
        losses = [solution.binary_crossentropy(np.array([y]), np.array([value])) for value in p]
        left.plot(p, losses, label=labels["label"].format(y=y))
    half = solution.binary_crossentropy(np.array([1]), np.array([0.5]))
    left.plot(0.5, half, "o", color="#333333")
    text = labels["half"].format(loss=half)
    left.annotate(text, (0.5, half), (0.5, 2.4), ha="center", arrowprops={"arrowstyle": "->"})
    left.set(
        title=labels["classification"], xlabel=labels["p"], ylabel=labels["loss"], xlim=(0, 1), ylim=(0, 6.3)
    )
    left.legend(loc="upper center", ncols=2)
    error = np.linspace(-2.5, 2.5, 301)
    for name in ("mse", "mae"):
        losses = [getattr(solution, name)(np.zeros(1), np.array([value])) for value in error]
        right.plot(error, losses, label=labels[name])
    right.set(title=labels["regression"], xlabel=labels["error"], ylabel=labels["loss"], ylim=(0, 6.3))
    right.legend(loc="upper center")
