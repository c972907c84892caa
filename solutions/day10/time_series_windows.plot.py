"""A window slides over the lecture's series; the value after it is the target."""

import numpy as np

from course.content.plots import cells

LABELS = {
    "en": {
        "title": "{values} values, {timesteps} timesteps, horizon {horizon}: {samples} windows",
        "series": "series",
        "window": "window {number}",
        "inputs": "window x",
        "target": "target y",
    },
    "ko": {
        "title": "값 {values}개, {timesteps}시점, 예측 간격 {horizon}: 윈도 {samples}개",
        "series": "시계열",
        "window": "윈도 {number}",
        "inputs": "윈도 x",
        "target": "목표값 y",
    },
}
SERIES, TIMESTEPS = np.arange(1, 11), 3
INPUT, TARGET, REST = "#BFDDF0", "#F7CDB2", "white"


def draw(figure, solution, labels):
    """The series on top, below it one row for each window, once for each horizon."""
    for axes, horizon in zip(figure.subplots(1, 2), (1, 2)):
        x, y = solution.make_windows(SERIES, TIMESTEPS, horizon)
        texts, colours = [[str(value) for value in SERIES]], [[REST] * len(SERIES)]
        for window, target in zip(x[:, :, 0], y):
            texts.append([str(v) if v in window or v == target else "" for v in SERIES])
            colours.append([INPUT if v in window else TARGET if v == target else REST for v in SERIES])
        cells(axes, texts, texts=texts, colours=colours, size=12)
        for row in range(len(texts)):
            name = labels["window"].format(number=row - 1) if row else labels["series"]
            axes.text(-0.8, row, name, ha="right", va="center", size=11)
        axes.set(aspect="auto", ylim=(len(SERIES) - TIMESTEPS + 0.6, -0.6))
        count = solution.window_count(len(SERIES), TIMESTEPS, horizon)
        title = labels["title"].format(
            values=len(SERIES), timesteps=TIMESTEPS, horizon=horizon, samples=count
        )
        axes.set_title(title, size=12)
    marks = [axes.plot([], [], "s", color=colour, markersize=14)[0] for colour in (INPUT, TARGET)]
    figure.legend(marks, [labels["inputs"], labels["target"]], loc="outside lower center", ncols=2)
