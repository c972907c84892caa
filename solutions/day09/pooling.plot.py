"""The lecture's map, pooled by maximum and by mean."""

import numpy as np
from matplotlib.patches import Circle

from course.content.plots import cells

LABELS = {
    "en": {
        "map": "feature map 4×4",
        "max": "max pooling",
        "mean": "average pooling",
        "window": "window 2, stride 2",
    },
    "ko": {"map": "특징 맵 4×4", "max": "최대 풀링", "mean": "평균 풀링", "window": "창 2, 스트라이드 2"},
}
MAP = np.array([[1, 4, 8, 3], [6, 9, 2, 1], [11, 13, 6, 7], [8, 19, 8, 2]])
COLOURS = np.array([["#BFDDF0", "#F7CDB2"], ["#BFE6D9", "#F0DCE7"]])


def draw(figure, solution, labels):
    """The map in four windows, and what each kind of pooling keeps of them."""
    figure.suptitle(labels["window"])
    left, middle, right = figure.subplots(1, 3, width_ratios=[4.2, 2.2, 2.2])
    cells(left, MAP, colours=COLOURS.repeat(2, axis=0).repeat(2, axis=1), size=20)
    largest = solution.max_pool(MAP, 2)
    for row, column in zip(*np.nonzero(largest.repeat(2, axis=0).repeat(2, axis=1) == MAP)):
        left.add_patch(Circle((column, row), 0.34, facecolor="none", edgecolor="#333333", linewidth=1.6))
    cells(middle, largest, colours=COLOURS, size=18)
    cells(right, solution.average_pool(MAP, 2), colours=COLOURS, size=18)
    for panel, name in ((left, "map"), (middle, "max"), (right, "mean")):
        panel.set_title(labels[name], pad=10)
