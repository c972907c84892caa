"""One mask of inverted dropout, and the mean of many."""

import numpy as np

from course.content.plots import cells

LABELS = {
    "en": {
        "mask": "One mask, rate {rate:g}: 0 or 1/(1 − {rate:g}) = {scale:.2f}",
        "mean": "The mean over many masks is 1",
        "draws": "number of masks",
        "entry": "mean of one entry",
        "unscaled": "without the division by 1 − {rate:g}: {keep:g}",
    },
    "ko": {
        "mask": "마스크 하나, 비율 {rate:g}: 0 또는 1/(1 − {rate:g}) = {scale:.2f}",
        "mean": "마스크를 많이 뽑으면 평균이 1",
        "draws": "마스크의 수",
        "entry": "원소 하나의 평균",
        "unscaled": "1 − {rate:g}로 나누지 않으면 {keep:g}",
    },
}
RATE = 0.3


def draw(figure, solution, labels):
    """Left a mask as a grid, right the running means of a few entries."""
    rng = np.random.default_rng(8)
    left, right = figure.subplots(1, 2)
    mask = solution.dropout_mask((6, 6), RATE, rng)
    texts = [[f"{value:.2f}" if value else "0" for value in row] for row in mask]
    cells(
        left,
        mask,
        texts=texts,
        colours=[["#BFDDF0" if value else "#666666" for value in row] for row in mask],
    )
    for text, value in zip(left.texts, mask.flat):
        text.set_color("#333333" if value else "white")
    left.set_title(labels["mask"].format(rate=RATE, scale=mask.max()))
    draws = np.arange(1, 3001)
    means = np.cumsum(solution.dropout_mask((3000, 6), RATE, rng), axis=0) / draws[:, None]
    right.semilogx(draws, means, linewidth=1.4)
    right.axhline(1, color="#333333", linewidth=1.4)
    right.axhline(1 - RATE, color="#333333", linewidth=1.4, linestyle="--")
    right.text(
        3000, 1 - RATE - 0.03, labels["unscaled"].format(rate=RATE, keep=1 - RATE), ha="right", va="top"
    )
    right.set(
        title=labels["mean"], xlabel=labels["draws"], ylabel=labels["entry"], xlim=(1, 3000), ylim=(0, 1.6)
    )
