"""The naive and the linear forecast of one noisy series, and their errors."""

import numpy as np

LABELS = {
    "en": {
        "title": "The next value of a series, forecast from the last {window}",
        "series": "series",
        "naive": "naive",
        "linear": "linear",
        "naive_line": "naive: one step late",
        "linear_line": "linear",
        "time": "time step",
        "value": "value",
        "errors": "Mean squared\nerror",
    },
    "ko": {
        "title": "앞의 값 {window}개로 다음 값 예측",
        "series": "시계열",
        "naive": "단순 예측",
        "linear": "선형 모델",
        "naive_line": "단순 예측: 한 시점 늦음",
        "linear_line": "선형 모델",
        "time": "시점",
        "value": "값",
        "errors": "평균제곱오차",
    },
}
WINDOW, STEP = 50, 0.02


def noisy_series(rng, samples, length):
    """Two sines with random frequencies and shifts, and noise, as in the prompt; shape (samples, length)."""
    a, b, f, g = rng.random((4, samples, 1))
    t = STEP * np.arange(length)
    waves = 0.5 * np.sin((t - a) * (10 + 10 * f)) + 0.2 * np.sin((t - b) * (20 + 20 * g))
    return waves + 0.1 * (rng.random((samples, length)) - 0.5)


def draw(figure, solution, labels):
    """Left a series with both forecasts of each value, right the errors on a thousand series."""
    rng = np.random.default_rng(6)
    train, test = noisy_series(rng, 2000, WINDOW + 1), noisy_series(rng, 1000, WINDOW + 1)
    [series] = noisy_series(rng, 1, WINDOW + 45)

    def forecasts(x):
        return {
            "naive": solution.naive_forecast(x)[:, 0],
            "linear": solution.linear_forecast(train[:, :-1, None], train[:, -1:], x)[:, 0],
        }

    left, right = figure.subplots(1, 2, width_ratios=[4, 1.2])
    left.plot(series, "o-", color="#888888", linewidth=1.2, markersize=5, label=labels["series"])
    windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW)[:-1]
    times = np.arange(WINDOW, len(series))
    for colour, (name, values) in zip(("C1", "C0"), forecasts(windows[:, :, None]).items()):
        left.plot(times, values, color=colour, label=labels[f"{name}_line"])
    left.set(title=labels["title"].format(window=WINDOW), xlabel=labels["time"], ylabel=labels["value"])
    left.set(xlim=(WINDOW - 8, len(series)))
    low, high = series.min(), series.max()
    left.set_ylim(low - 0.1, high + 0.35 * (high - low))
    left.legend(loc="upper left", ncols=3)
    for place, values in enumerate(forecasts(test[:, :-1, None]).values()):
        error = np.mean((values - test[:, -1]) ** 2)
        right.bar(place, error, color=("C1", "C0")[place], width=0.6)
        right.text(place, error, f"{error:.3f}", ha="center", va="bottom")
    right.set_xticks([0, 1], [labels["naive"], labels["linear"]])
    right.grid(visible=False, axis="x")
    right.set(title=labels["errors"], xlim=(-0.6, 1.6))
