"""Impurity against the share of a class, and what each question about the delay is worth."""

import numpy as np

LABELS = {
    "en": {
        "impurity": "How mixed is a group of two classes?",
        "share": "share p of one class",
        "gini": "Gini impurity",
        "entropy": "entropy (bits)",
        "gain": "Gain of asking “delay ≤ threshold?”",
        "minutes": "delay, threshold (minutes)",
        "bits": "information gain (bits)",
        "best": "best: {threshold:g}",
        "yes": "satisfied",
        "no": "dissatisfied",
    },
    "ko": {
        "impurity": "두 클래스가 얼마나 섞여 있습니까?",
        "share": "한 클래스의 비율 p",
        "gini": "지니 불순도",
        "entropy": "엔트로피 (비트)",
        "gain": "“지연 ≤ 임곗값?”이라는 질문의 이득",
        "minutes": "지연, 임곗값 (분)",
        "bits": "정보 이득 (비트)",
        "best": "가장 좋은 임곗값: {threshold:g}",
        "yes": "만족",
        "no": "불만족",
    },
}
DELAY, SATISFIED = (
    np.array([5, 10, 15, 20, 40, 60, 90]),
    np.array([1, 1, 1, 1, 0, 1, 0]),
)  # the prompt's example


def draw(figure, solution, labels):
    """Left both impurities, right the information gain of every threshold."""
    left, right = figure.subplots(1, 2)
    groups = [np.arange(200) < ones for ones in range(201)]
    share = np.array([group.mean() for group in groups])
    for name in ("entropy", "gini"):
        left.plot(share, [getattr(solution, name)(group) for group in groups], label=labels[name])
    left.set(title=labels["impurity"], xlabel=labels["share"], xlim=(0, 1), ylim=(0, 1.19))
    left.legend(loc="upper center", ncols=2)
    thresholds = (DELAY[:-1] + DELAY[1:]) / 2
    gains = [solution.information_gain(SATISFIED, threshold >= DELAY) for threshold in thresholds]
    best, gain = solution.best_split(DELAY, SATISFIED)
    right.vlines(thresholds, 0, gains, color="C2", linewidth=5)
    right.vlines(best, 0, gain, color="C1", linewidth=5)
    right.annotate(
        labels["best"].format(threshold=best), (best, gain), (10, 4), textcoords="offset points", color="C1"
    )
    for label, name, marker, colour in ((1, "yes", "o", "C0"), (0, "no", "X", "#333333")):
        delays = DELAY[label == SATISFIED]
        right.plot(
            delays, np.full(len(delays), -0.045), marker, color=colour, markersize=9, label=labels[name]
        )
    right.set(
        title=labels["gain"],
        xlabel=labels["minutes"],
        ylabel=labels["bits"],
        xlim=(0, 96),
        ylim=(-0.08, 0.58),
    )
    right.legend(loc="upper right")
