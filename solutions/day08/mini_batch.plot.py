"""How three epochs go through ten rows in batches of four."""

import numpy as np

from course.content.plots import cells

LABELS = {
    "en": {
        "title": "{rows} rows, batch size {size}: {steps} iterations in every epoch, each time in a new order",
        "epoch": "epoch {number}",
        "step": "iteration {number}",
        "row": "The numbers are rows of the data. The last batch holds what is left.",
    },
    "ko": {
        "title": "{rows}행, 배치 크기 {size}: 에포크마다 {steps} 이터레이션, 순서는 매번 새로 섞음",
        "epoch": "에포크 {number}",
        "step": "이터레이션 {number}",
        "row": "숫자는 데이터의 행 번호입니다. 마지막 배치에는 나머지가 들어갑니다.",
    },
}
ROWS, SIZE, EPOCHS = 10, 4, 3
COLOURS = ("#BFDDF0", "#F7CDB2", "#BFE6D9")


def draw(figure, solution, labels):
    """A strip of rows for each epoch, coloured by batch."""
    rng, rows = np.random.default_rng(2), np.arange(ROWS)
    steps = solution.iterations_per_epoch(ROWS, SIZE)
    figure.suptitle(labels["title"].format(rows=ROWS, size=SIZE, steps=steps))
    for epoch, axes in enumerate(figure.subplots(EPOCHS, 1)):
        batches = [batch for batch, _ in solution.shuffled_batches(rows, rows, SIZE, rng)]
        colours = [colour for batch, colour in zip(batches, COLOURS) for _ in batch]
        cells(axes, [np.concatenate(batches)], colours=[colours], size=16)
        axes.text(-0.8, 0, labels["epoch"].format(number=epoch), ha="right", va="center", size=13)
        for step, batch in enumerate(batches):
            middle = step * SIZE + (len(batch) - 1) / 2
            text = labels["step"].format(number=epoch * steps + step)
            axes.text(middle, -0.65, text, ha="center", va="bottom")
        axes.set(xlim=(-3, ROWS), ylim=(0.6, -1.1))
    figure.supxlabel(labels["row"], size=12)
