"""A grid world: the value of every cell, and the greedy way to the goal."""

import numpy as np
from matplotlib import colormaps

from course.content.plots import cells
from graders.reference.gridworld import MOVES, grid_world

LABELS = {
    "en": {
        "title": "Value iteration, γ = {gamma:g}: reaching the goal pays 1",
        "goal": "goal",
        "note": "Numbers are values, arrows the greedy policy. One step further from the goal is worth γ times as much.",
    },
    "ko": {
        "title": "가치 반복, γ = {gamma:g}: 목표에 도착하면 보상 1",
        "goal": "목표",
        "note": "숫자는 가치, 화살표는 탐욕 정책입니다. 목표에서 한 칸 멀어질 때마다 가치에 γ가 곱해집니다.",
    },
}
ROWS, COLUMNS, GAMMA = 5, 8, 0.9
GOAL, WALLS = 7, (3, 11, 19, 21, 22, 29, 34)


def draw(figure, solution, labels):
    """Cells coloured by value, with arrows for what the greedy policy does."""
    next_state, reward = grid_world(ROWS, COLUMNS, GOAL, WALLS)
    values = solution.value_iteration(next_state, reward, GAMMA)
    policy = solution.greedy_policy(values, next_state, reward, GAMMA)
    free = [state for state in range(ROWS * COLUMNS) if state not in WALLS and state != GOAL]
    blues = colormaps["Blues"]
    colours = np.full(ROWS * COLUMNS, "#666666", dtype=object)
    texts = np.full(ROWS * COLUMNS, "", dtype=object)
    for state in free:
        colours[state] = blues(0.05 + 0.55 * (values[state] - values[free].min()) / np.ptp(values[free]))
    colours[GOAL], texts[GOAL] = "#F2C14E", labels["goal"]
    shape = (ROWS, COLUMNS)
    axes = figure.subplots()
    cells(axes, values.reshape(shape), texts=texts.reshape(shape), colours=colours.reshape(shape))
    for state in free:
        row, column = divmod(state, COLUMNS)
        axes.text(column, row + 0.3, f"{values[state]:.2f}", ha="center", va="center", size=11)
        down, right = np.array(MOVES[policy[state]]) * 0.22
        axes.annotate("", (column + right, row - 0.12 + down), (column - right, row - 0.12 - down),
                      arrowprops={"arrowstyle": "-|>", "color": "#333333", "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    axes.set_title(labels["title"].format(gamma=GAMMA))
    figure.supxlabel(labels["note"], size=12)
