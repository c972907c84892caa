"""An LSTM unit with hand-set weights: it writes a value, keeps it, and shows it when asked."""

import numpy as np
from matplotlib import colormaps
from matplotlib.patches import Patch

LABELS = {
    "en": {
        "title": "One unit with weights set by hand: it writes on “write”, shows on “read”, keeps in between",
        "value": "value",
        "write": "write",
        "read": "read",
        "forget": "forget gate f",
        "input": "input gate i",
        "output": "output gate o",
        "cell": "cell state C",
        "hidden": "hidden state h",
        "inputs": "inputs x",
        "shut": "0: shut",
        "open": "1: open",
        "states": "states",
        "step": "step t",
    },
    "ko": {
        "title": "가중치를 직접 정한 유닛 하나: “쓰기”에 기록하고 “읽기”에 내보내며, 그 사이에는 간직합니다",
        "value": "값",
        "write": "쓰기",
        "read": "읽기",
        "forget": "망각 게이트 f",
        "input": "입력 게이트 i",
        "output": "출력 게이트 o",
        "cell": "셀 상태 C",
        "hidden": "은닉 상태 h",
        "inputs": "입력 x",
        "shut": "0: 닫힘",
        "open": "1: 열림",
        "states": "상태",
        "step": "시점 t",
    },
}
# Columns: h, value, write, read. Rows: f, i, candidate, o.
W = np.array([[[0, 0, -12, 0]], [[0, 0, 12, 0]], [[0, 1.5, 0, 0]], [[0, 0, 0, 12]]], dtype=float)
B = np.array([[6.0], [-6.0], [0.0], [-6.0]])
STEPS, WRITES, READS = 30, (5, 16), (11, 24)


def sequence():
    """Inputs, shape (STEPS, 3): a wandering value, and signals to write and to read."""
    t = np.arange(STEPS)
    value = 0.9 * np.sin(0.9 * t) + 0.25 * np.sin(2.1 * t + 1)
    return np.column_stack([value, np.isin(t, WRITES), np.isin(t, READS)])


def draw(figure, solution, labels):
    """Inputs, gates and states below one another, over the same steps."""
    xs = sequence()
    h = c = np.zeros(1)
    gates, states = [], []
    for x in xs:
        f, i, _, o = solution.lstm_gates(h, x, W, B)
        h, c = solution.lstm_step(h, c, x, W, B)
        gates.append([f[0], i[0], o[0]])
        states.append([c[0], h[0]])
    figure.suptitle(labels["title"], size=13)
    t = np.arange(STEPS)
    panels = figure.subplots(3, 1, sharex=True)
    panels[0].plot(t, xs[:, 0], "o-", color="#888888", markersize=4, linewidth=1.4, label=labels["value"])
    groups = (
        (panels[0], ("write", "read"), xs[:, 1:], ("C1", "C2")),
        (panels[2], ("cell", "hidden"), np.array(states), ("C0", "C2")),
    )
    for panel, names, rows, colours in groups:
        for name, row, colour in zip(names, rows.T, colours):
            panel.step(t, row, where="mid", color=colour, label=labels[name])
        panel.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    panels[0].set_ylabel(labels["inputs"])
    panels[2].set_ylabel(labels["states"])
    panels[1].imshow(np.transpose(gates), cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
    panels[1].set_yticks([0, 1, 2], [labels[name] for name in ("forget", "input", "output")])
    panels[1].set_yticks([0.5, 1.5], minor=True)
    panels[1].grid(visible=False)
    panels[1].grid(which="minor", color="white", linewidth=3)
    panels[1].tick_params(which="both", length=0)
    shades = [Patch(facecolor=colormaps["Blues"](value / 1.4), edgecolor="#999999") for value in (0, 1)]
    panels[1].legend(shades, [labels["shut"], labels["open"]], loc="center left", bbox_to_anchor=(1, 0.5))
    panels[2].set_xlabel(labels["step"])
