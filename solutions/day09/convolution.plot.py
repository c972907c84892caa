"""The lecture's image, its filter and the feature map."""

import numpy as np
from matplotlib.patches import Rectangle

from course.content.plots import cells

LABELS = {
    "en": {
        "image": "image 5×5",
        "filter": "filter 3×3",
        "map": "feature map 3×3",
        "sum": "products in the marked window: {products} = {total:g}",
    },
    "ko": {
        "image": "이미지 5×5",
        "filter": "필터 3×3",
        "map": "특징 맵 3×3",
        "sum": "표시한 창의 곱: {products} = {total:g}",
    },
}
IMAGE = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
FILTER = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
PLACE = (0, 2)  # the window that is marked


def draw(figure, solution, labels):
    """Image, filter and map side by side; one window and its sum are marked."""
    row, column = PLACE
    height, width = FILTER.shape
    result = solution.cross_correlate(IMAGE, FILTER)
    window = IMAGE[row : row + height, column : column + width]
    panels = figure.subplots(1, 3, width_ratios=[5.2, 3.2, 3.2])
    blues = {value: ("white", "#BFDDF0", "#BFDDF0", "#8FC3E6", "#56B4E9")[value] for value in range(5)}
    for panel, values, name in zip(panels, (IMAGE, FILTER, result), ("image", "filter", "map")):
        cells(panel, values, colours=[[blues[value] for value in line] for line in values], size=18)
        panel.set_title(labels[name], pad=10)
    frame = {"facecolor": "none", "edgecolor": "C1", "linewidth": 4}
    panels[0].add_patch(Rectangle((column - 0.5, row - 0.5), width, height, **frame))
    panels[2].add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **frame))
    panels[1].text(-0.85, 1, "∗", ha="center", va="center", size=26)
    panels[2].text(-0.85, 1, "=", ha="center", va="center", size=26)
    products = " + ".join(f"{x}·{k}" for x, k in zip(window.flat, FILTER.flat))
    figure.supxlabel(labels["sum"].format(products=products, total=result[PLACE]), size=13)
