"""The generator's two losses, and the best discriminator between two densities."""

import numpy as np

LABELS = {
    "en": {
        "generator": "Losses of the generator",
        "judged": "score s before the sigmoid, D = σ(s)",
        "loss": "loss",
        "saturating": "log(1 − D): saturating",
        "practice": "−log D: used in practice",
        "flat": "flat: nothing to\nlearn from",
        "steep": "steep where fakes\nare found out",
        "discriminator": "The best discriminator",
        "sample": "sample x",
        "density": "density, probability",
        "data": "data p(x)",
        "fake": "generated q(x)",
        "best": "D*(x) = p / (p + q)",
    },
    "ko": {
        "generator": "생성자의 손실",
        "judged": "시그모이드 전의 점수 s, D = σ(s)",
        "loss": "손실",
        "saturating": "log(1 − D): 포화됨",
        "practice": "−log D: 실제로 사용",
        "flat": "평평함: 배울\n기울기가 없음",
        "steep": "가짜임이 들통난\n곳에서 가파름",
        "discriminator": "가장 좋은 판별자",
        "sample": "샘플 x",
        "density": "밀도, 확률",
        "data": "진짜 p(x)",
        "fake": "가짜 q(x)",
        "best": "D*(x) = p / (p + q)",
    },
}


def density(x, mean, deviation):
    """The normal density."""
    return np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * np.sqrt(2 * np.pi))


def draw(figure, solution, labels):
    """Left the losses against the score before D's sigmoid, right densities and the best discriminator."""
    left, right = figure.subplots(1, 2)
    score = np.linspace(-5, 5, 401)
    judged = 1 / (1 + np.exp(-score))
    for name, key in (("generator_loss", "practice"), ("saturating_generator_loss", "saturating")):
        left.plot(score, [getattr(solution, name)(np.array([d])) for d in judged], label=labels[key])
    arrow = {"arrowstyle": "->", "color": "#333333"}
    left.annotate(labels["steep"], (-3, 3.05), (-1.2, 4.2), va="center", arrowprops=arrow)
    left.annotate(labels["flat"], (-3.6, -0.03), (-4.4, -2.2), va="center", arrowprops=arrow)
    left.set(
        title=labels["generator"],
        xlabel=labels["judged"],
        ylabel=labels["loss"],
        xlim=(-5, 5),
        ylim=(-5, 6.2),
    )
    left.legend(loc="upper right")
    x = np.linspace(-4, 6, 401)
    p, q = density(x, 2, 1), density(x, 0, 1.1)
    right.fill_between(x, p, color="C0", alpha=0.25, linewidth=0)
    right.fill_between(x, q, color="C1", alpha=0.25, linewidth=0)
    right.plot(x, p, color="C0", label=labels["data"])
    right.plot(x, q, color="C1", label=labels["fake"])
    right.plot(x, solution.optimal_discriminator(p, q), color="#333333", label=labels["best"])
    right.axhline(0.5, color="#999999", linewidth=1, linestyle="--")
    right.set(
        title=labels["discriminator"], xlabel=labels["sample"], ylabel=labels["density"], ylim=(0, 1.42)
    )
    right.legend(loc="upper left")
