"""Grader of day10/vanishing_gradient."""

import numpy as np

from course.grading import assert_close, graded, unchanged, unpack
from course.reference.recurrent import clip_by_global_norm, simple_rnn, simple_rnn_jacobians

# Gradients get small, so what counts is the relative error; float32 arithmetic stays well below this.
CLOSE = {"rtol": 1e-3, "atol": 1e-9}
# The prompt's example: one impulse, then silence.
IMPULSE = np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 1.0, 0.9, 0.0
IMPULSE_GRADIENTS = [0.37797691, 0.21973060, 0.15035300, 0.11210502, 0.08807862]
CLIP_EXAMPLE = [np.array([3.0, 4.0]), np.array([12.0])]


def unit_states(xs, w_x, w_h, b):
    return simple_rnn(xs[:, None], np.array([[w_x]]), np.array([[w_h]]), np.array([b]))[:, 0]


def unit_mistakes(xs, w_x, w_h, b):
    h = unit_states(xs, w_x, w_h, b)
    factors = w_h * (1 - h**2)
    before = np.append(0.0, h[:-1])
    return {
        "no_slope": w_h ** np.arange(1.0, len(xs) + 1),
        "no_weight": np.cumprod(1 - h**2),
        "one_step": factors,
        "last_only": np.prod(factors),
        "slope_before": np.cumprod(w_h * (1 - before**2)),
        "slope_of_sum": np.cumprod(w_h * (1 - np.arctanh(h) ** 2)),
        "not_squared": np.cumprod(w_h * (1 - h)),
        "input_weight": np.cumprod(w_x * (1 - h**2)),
        "states": h,
        "start_included": np.append(1.0, np.cumprod(factors)),
    }


def unit_gradients(xs, w_x, w_h, b):
    return np.cumprod(w_h * (1 - unit_states(xs, w_x, w_h, b) ** 2))


def draw_unit(rng, timesteps):
    xs = np.round(rng.uniform(-1.2, 1.2, timesteps), 2)
    weights = rng.uniform(0.4, 0.7), rng.choice([-1, 1]) * rng.uniform(0.85, 1.4), rng.uniform(0.1, 0.4)
    return xs, *(round(float(weight), 2) for weight in weights)


def draw_layer(rng, timesteps, units, features):
    W_x = rng.normal(scale=0.5 * features**-0.5, size=(features, units))
    W_h = rng.normal(scale=units**-0.5, size=(units, units))
    xs, b = rng.normal(size=(timesteps, features)), rng.uniform(-0.4, 0.4, units)
    return tuple(np.round(values, 2) for values in (xs, W_x, W_h, b))


def spectral(matrices):
    return np.linalg.norm(matrices, 2, axis=(1, 2))


def layer_norms(*arguments):
    return spectral(simple_rnn_jacobians(*arguments))


def layer_mistakes(xs, W_x, W_h, b):
    jacobians = simple_rnn_jacobians(xs, W_x, W_h, b)
    slopes = 1 - simple_rnn(xs, W_x, W_h, b) ** 2
    steps = slopes[:, :, None] * W_h.T
    return {
        "frobenius": np.linalg.norm(jacobians, axis=(1, 2)),
        "eigenvalue": np.abs(np.linalg.eigvals(jacobians)).max(axis=1),
        "one_step": spectral(steps),
        "multiplied_norms": np.cumprod(spectral(steps)),
        "order": spectral(running_product(steps, left=False)),
        "not_transposed": spectral(running_product(slopes[:, :, None] * W_h)),
        "slope_on_wrong_side": spectral(running_product(W_h.T * slopes[:, None, :])),
        "no_slope": spectral(running_product(np.broadcast_to(W_h.T, steps.shape))),
        "last_only": np.linalg.norm(jacobians[-1], 2),
    }


def running_product(factors, left=True):
    product, products = np.eye(factors.shape[1]), []
    for factor in factors:
        product = factor @ product if left else product @ factor
        products.append(product)
    return np.stack(products)


def clip_mistakes(gradients, max_norm):
    """For each gradient: key -> what that mistake makes of it."""
    norms = np.array([np.linalg.norm(gradient) for gradient in gradients])
    total = np.sqrt(np.sum(norms**2))
    factors = {
        "each_alone": np.minimum(1, max_norm / norms),
        "no_root": np.full(len(norms), min(1, max_norm / total**2)),
        "summed_norms": np.full(len(norms), min(1, max_norm / np.sum(norms))),
        "largest_norm": np.full(len(norms), min(1, max_norm / np.max(norms))),
        "not_clipped": np.ones(len(norms)),
    }
    return [
        {key: factor[number] * gradient for key, factor in factors.items()}
        | {"by_value": np.clip(gradient, -max_norm, max_norm)}
        for number, gradient in enumerate(gradients)
    ]


def clipped(submission, gradients, max_norm):
    names = [f"gradient {number}" for number in range(1, len(gradients) + 1)]
    return unpack(unchanged(submission.clip_by_global_norm, gradients, max_norm), *names)


@graded(points=1)
def test_linear(submission, rng):
    cases = [(0.9, 10), (0.9, 100), (1.1, 50), (1.0, 30), (-0.5, 3), (0.7, 1), (2.0, 0)]
    cases.append((float(rng.uniform(0.3, 0.8)), int(rng.integers(3, 9))))
    for w, steps in cases:
        mistakes = {
            "multiplied": w * steps,
            "one_step_more": w ** (steps + 1),
            "one_step_less": w ** (steps - 1),
            "absolute": abs(w) ** steps,
        }
        assert_close(submission.linear_gradient(w, steps), w**steps, rtol=1e-5, atol=1e-12, mistakes=mistakes)


@graded(points=2)
def test_tanh_unit(submission, rng):
    for _ in range(2):
        arguments = draw_unit(rng, 6)
        got = unchanged(submission.tanh_gradients, *arguments)
        assert_close(got, unit_gradients(*arguments), **CLOSE, mistakes=unit_mistakes(*arguments))
    assert_close(submission.tanh_gradients(*IMPULSE), IMPULSE_GRADIENTS, **CLOSE)


@graded(points=1)
def test_turned(submission, rng):
    for scale in (0.9, 1.1):
        rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        got = submission.gradient_norms(
            np.zeros((20, 2)), rng.normal(size=(2, 3)), scale * rotation, np.zeros(3)
        )
        assert_close(got, scale ** np.arange(1.0, 21), **CLOSE)


@graded(points=2)
def test_norms(submission, rng):
    for timesteps, units, features in [(4, 3, 2), (6, 2, 4)]:
        arguments = draw_layer(rng, timesteps, units, features)
        got = unchanged(submission.gradient_norms, *arguments)
        assert_close(got, layer_norms(*arguments), **CLOSE, mistakes=layer_mistakes(*arguments))


@graded(points=2)
def test_clip(submission, rng):
    shapes = [(3, 2), (4,), (2, 2, 2)]
    gradients = [np.round(rng.choice([-1, 1], shape) * rng.uniform(0.6, 1.6, shape), 1) for shape in shapes]
    for arrays, max_norm in [(gradients, 0.5), (CLIP_EXAMPLE, 6.5)]:
        wants, mistakes = clip_by_global_norm(arrays, max_norm), clip_mistakes(arrays, max_norm)
        for got, want, wrong in zip(clipped(submission, arrays, max_norm), wants, mistakes, strict=True):
            assert_close(got, want, mistakes=wrong)


@graded(points=1, after=["clip"])
def test_not_clipped(submission, rng):
    gradients = [rng.normal(size=shape) for shape in [(2, 3), (3,)]]
    total = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    for got, want in zip(clipped(submission, gradients, 50.0), gradients, strict=True):
        assert_close(got, want, mistakes={"scaled_up": 50.0 / total * want})
    for got, want in zip(clipped(submission, CLIP_EXAMPLE, 13.0), CLIP_EXAMPLE, strict=True):
        assert_close(got, want)
    zeros = [np.zeros((2, 2)), np.zeros(3)]
    for got, want in zip(clipped(submission, zeros, 1.0), zeros, strict=True):
        assert_close(got, want)


@graded(points=1, after=["tanh_unit", "norms", "not_clipped"], hidden=True)
def test_more_inputs(submission, rng):
    arguments = draw_unit(rng, 11)
    assert_close(submission.tanh_gradients(*arguments), unit_gradients(*arguments), **CLOSE)
    arguments = draw_layer(rng, 9, 5, 3)
    assert_close(submission.gradient_norms(*arguments), layer_norms(*arguments), **CLOSE)
    gradients = [rng.normal(size=shape) for shape in [(5,), (2, 4), (1,), (3, 3)]]
    for max_norm in (0.25, 3.0):
        wants = clip_by_global_norm(gradients, max_norm)
        for got, want in zip(clipped(submission, gradients, max_norm), wants, strict=True):
            assert_close(got, want)
