"""How the gradient shrinks or grows on its way back through time."""

import numpy as np

LABELS = {
    "en": {
        "title": "A gradient on its way back through time",
        "steps": "steps n",
        "gradient": "gradient ∂hₙ/∂h₀",
        "linear": "w = {w:g}",
        "tanh": "tanh, w = {w:g}",
        "explodes": "explodes",
        "vanishes": "vanishes",
    },
    "ko": {
        "title": "시간을 거슬러 가는 기울기",
        "steps": "시점 수 n",
        "gradient": "기울기 ∂hₙ/∂h₀",
        "linear": "w = {w:g}",
        "tanh": "tanh, w = {w:g}",
        "explodes": "폭주",
        "vanishes": "소실",
    },
}
WEIGHTS = (1.2, 1.1, 1.0, 0.9, 0.7, 0.5)
TANH = 1.1


def draw(figure, solution, labels):
    """wⁿ of the linear unit for several w, and a tanh unit that vanishes all the same."""
    axes = figure.subplots()
    steps = np.arange(51)
    for colour, w in enumerate(WEIGHTS):
        gradients = np.array([solution.linear_gradient(w, int(n)) for n in steps])
        seen = gradients > 3e-9
        axes.semilogy(steps[seen], gradients[seen], color=f"C{colour}")
        end = (steps[seen][-1], gradients[seen][-1])
        side, offset = ("left", (6, 0)) if seen.all() else ("right", (-24, 4))
        text = labels["linear"].format(w=w)
        axes.annotate(text, end, offset, textcoords="offset points", ha=side, va="center")
    xs = np.random.default_rng(4).normal(size=50)
    gradients = np.append(1, solution.tanh_gradients(xs, 0.8, TANH, 0.0))
    seen = gradients > 3e-9
    axes.semilogy(steps[seen], gradients[seen], "--", color="#333333", linewidth=1.8)
    end = (steps[seen][-1], gradients[seen][-1])
    axes.annotate(labels["tanh"].format(w=TANH), end, (10, 4), textcoords="offset points", va="center")
    axes.text(2, 2000, labels["explodes"], size=15, color="#666666")
    axes.text(2, 2e-8, labels["vanishes"], size=15, color="#666666")
    axes.set(
        title=labels["title"],
        xlabel=labels["steps"],
        ylabel=labels["gradient"],
        xlim=(0, 56),
        ylim=(1e-9, 5e4),
    )
