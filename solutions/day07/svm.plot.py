"""The widest street between two classes, its support vectors, and the hinge loss."""

import numpy as np

LABELS = {
    "en": {
        "street": "The widest street between two classes",
        "margin": "margin 2/‖w‖ = {width:.2f}",
        "support": "support vectors",
        "positive": "y = +1",
        "negative": "y = −1",
        "hinge": "Hinge loss of one sample",
        "placed": "y·f(x)",
        "loss": "loss",
        "wrong": "wrong\nside",
        "inside": "in the\nstreet",
        "safe": "safe:\nno loss",
    },
    "ko": {
        "street": "두 클래스 사이의 가장 넓은 길",
        "margin": "마진 2/‖w‖ = {width:.2f}",
        "support": "서포트 벡터",
        "positive": "y = +1",
        "negative": "y = −1",
        "hinge": "샘플 하나의 힌지 손실",
        "placed": "y·f(x)",
        "loss": "손실",
        "wrong": "반대쪽",
        "inside": "길 안",
        "safe": "길 밖:\n손실 없음",
    },
}
W, B = np.array([0.6, 0.8]), -3.0
# Across the street lies the direction of W; these points stand on its edges, f(x) = ±1.
ALONG = np.array([0.8, -0.6])
EDGES = [(1, 1.2), (1, -1.6), (-1, 0.3)]


def samples():
    """Three rows exactly on the edges and a cloud beyond each of them: X, y."""
    rng = np.random.default_rng(5)
    centre = W * -B / (W @ W)
    rows = [(centre + side * W / (W @ W) + shift * ALONG, side) for side, shift in EDGES]
    for side in (1, -1):
        far, shift = 1.35 + 1.5 * rng.random(11), rng.uniform(-2.4, 2.4, 11)
        rows += [(centre + side * a * W + b * ALONG, side) for a, b in zip(far, shift)]
    return np.array([x for x, _ in rows]), np.array([side for _, side in rows])


def draw(figure, solution, labels):
    """Left the street with its samples, right the hinge loss against y·f(x)."""
    X, y = samples()
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    x1 = np.linspace(-2, 8, 2)
    edge = {score: (score - B - W[0] * x1) / W[1] for score in (-1, 0, 1)}
    left.fill_between(x1, edge[-1], edge[1], color="#F0F0F0", zorder=0)
    for score, line in edge.items():
        left.plot(
            x1,
            line,
            color="#333333",
            linewidth=1.8 if score == 0 else 1,
            linestyle="-" if score == 0 else "--",
        )
        left.text(4.02, (score - B - W[0] * 4.02) / W[1], f"f = {score:+d}".replace("+0", "0").replace("-", "−"),
                  rotation=-36.9, va="center", ha="center", size=10,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    for side, colour, marker, name in ((1, "C0", "o", "positive"), (-1, "C1", "s", "negative")):
        left.plot(*X[y == side].T, marker, color=colour, markersize=8, label=labels[name])
    held = solution.support_vectors(X, y, W, B)
    left.plot(
        *X[held].T, "o", color="none", markeredgecolor="#333333", markersize=16, label=labels["support"]
    )
    foot = -W * B / (W @ W) - 1.1 * ALONG
    half = W / (W @ W)
    left.annotate("", foot + half, foot - half, arrowprops={"arrowstyle": "<->", "shrinkA": 0, "shrinkB": 0})
    text = labels["margin"].format(width=solution.margin_width(W))
    left.text(*(foot + 0.55 * half + 1.5 * ALONG), text, rotation=-36.9, ha="center", va="center", size=11)
    left.set(
        title=labels["street"], xlabel="x₁", ylabel="x₂", xlim=(-1.5, 5.6), ylim=(-0.9, 6.6), aspect="equal"
    )
    left.legend(loc="upper right", frameon=True, framealpha=1, edgecolor="none")
    placed = np.linspace(-2, 3, 251)
    right.plot(placed, [solution.hinge_loss(np.ones(1), np.array([score])) for score in placed], color="C2")
    for place in (0, 1):
        right.axvline(place, color="#333333", linewidth=1, linestyle="--")
    for place, name in ((-1, "wrong"), (0.5, "inside"), (2, "safe")):
        right.text(place, 3.15, labels[name], ha="center", va="center")
    right.set(title=labels["hinge"], xlabel=labels["placed"], ylabel=labels["loss"], ylim=(-0.1, 3.5))
