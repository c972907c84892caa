"""Grader of day10/vanishing_gradient."""

import numpy as np

from course.grading import assert_close, forms, graded, unpack
from graders.reference.recurrent import clip_by_global_norm, simple_rnn, simple_rnn_jacobians

# Gradients get small, so what counts is the relative error; float32 arithmetic stays well below this.
CLOSE = {"rtol": 1e-3, "atol": 1e-9}
# A few steps: nothing has vanished yet, but matrices may nearly cancel, which leaves float32 an absolute error.
SHORT = {"rtol": 1e-3, "atol": 1e-6}
# The prompt's example: one impulse, then silence.
IMPULSE = np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 1.0, 0.9, 0.0
IMPULSE_GRADIENTS = [0.37797691, 0.21973060, 0.15035300, 0.11210502, 0.08807862]
# Inputs, W_x, W_h and b of a layer of three units on two features.
TELLING = (
    np.array([[0.9, -0.6], [-0.7, 1.1], [1.2, 0.4], [-0.5, -0.8]]),
    np.array([[0.6, -0.3, 0.2], [-0.2, 0.7, 0.5]]),
    np.array([[0.5, 1.2, -0.3], [-0.2, 0.4, 0.9], [0.8, -0.1, 0.3]]),
    np.array([0.3, -0.2, 0.1]),
)
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
    """Inputs and weights away from the 0 and the 1 with which a mistake would not show."""
    xs = np.round(rng.choice([-1, 1], timesteps) * rng.uniform(0.5, 1.2, timesteps), 2)
    b = np.sign(xs[0]) * rng.uniform(0.1, 0.4)
    weights = rng.uniform(0.5, 0.7), rng.choice([-1, 1]) * rng.uniform(1.1, 1.4), b
    return xs, *(round(float(weight), 2) for weight in weights)


def unit_inputs(rng, timesteps):
    """Inputs in every form but float32, which leaves a numeric derivative no digits."""
    return [xs for (xs,) in forms(rng, (timesteps,), low=-1, high=1) if xs.dtype != np.float32]


def draw_layer(rng, timesteps, units, features):
    W_x = rng.normal(scale=0.5 * features**-0.5, size=(features, units))
    W_h = rng.normal(scale=units**-0.5, size=(units, units))
    xs, b = rng.normal(size=(timesteps, features)), rng.uniform(-0.4, 0.4, units)
    return tuple(np.round(values, 2) for values in (xs, W_x, W_h, b))


def draw_telling(rng):
    """A layer near one for which every mistake gives other norms: W_h is neither nearly singular nor nearly a rotation."""
    return tuple(np.round(values * rng.uniform(0.9, 1.1, np.shape(values)), 2) for values in TELLING)


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


def joint_norm(gradients):
    return float(np.sqrt(sum(np.sum(np.square(gradient)) for gradient in gradients)))


def clip_mistakes(gradients, max_norm):
    """What mistakes make of the first gradient, which is not the largest."""
    first, norms = gradients[0], np.array([np.linalg.norm(gradient) for gradient in gradients])
    wrong = {
        "each_alone": norms[0],
        "no_root": np.sum(norms**2),
        "summed_norms": np.sum(norms),
        "largest_norm": np.max(norms),
        "not_clipped": max_norm,
    }
    by_value = {"by_value": np.clip(first, -max_norm, max_norm)}
    return by_value | {key: max_norm / norm * first for key, norm in wrong.items()}


def check_clipped(submission, gradients, max_norm, mistakes=None):
    """`mistakes` are those of the first gradient: a wrong factor shows there."""
    names = [f"gradient {number}" for number in range(1, len(gradients) + 1)]
    got = unpack(submission.clip_by_global_norm(gradients, max_norm), *names)
    wants = clip_by_global_norm(gradients, max_norm)
    for number, want in enumerate(wants):
        assert_close(got[number], want, mistakes=mistakes if number == 0 else None)


@graded(points=1)
def test_linear(submission, rng):
    # A negative w and an odd number of steps: the sign counts.
    for steps in (3, int(rng.choice([5, 7]))):
        w = -float(rng.uniform(0.3, 0.8))
        mistakes = {
            "multiplied": w * steps,
            "one_step_more": w ** (steps + 1),
            "one_step_less": w ** (steps - 1),
            "absolute": abs(w) ** steps,
        }
        assert_close(submission.linear_gradient(w, steps), w**steps, rtol=1e-5, atol=1e-12, mistakes=mistakes)
    cases = [(0.9, 10), (0.9, 100), (1.1, 50), (1.0, 30), (0.7, 1), (2.0, 0), (0.0, 4), (-2, 3), (3, 4)]
    for w, steps in [*cases, (float(rng.uniform(0.3, 0.8)), int(rng.integers(3, 9)))]:
        assert_close(submission.linear_gradient(w, steps), w**steps, rtol=1e-5, atol=1e-12)


@graded(points=2)
def test_tanh_unit(submission, rng):
    for _ in range(2):
        arguments = draw_unit(rng, 6)
        got = submission.tanh_gradients(*arguments)
        assert_close(got, unit_gradients(*arguments), **CLOSE, mistakes=unit_mistakes(*arguments))
    assert_close(submission.tanh_gradients(*IMPULSE), IMPULSE_GRADIENTS, **CLOSE)
    for weights in [(1, 1, 1), (-0.7, 0, -0.4), (0, -0.8, 0.3), (0.5, 1.0, -1)]:
        for timesteps in (5, 1):
            for xs in unit_inputs(rng, timesteps):
                assert_close(submission.tanh_gradients(xs, *weights), unit_gradients(xs, *weights), **CLOSE)


@graded(points=1)
def test_turned(submission, rng):
    for scale in (0.9, 1.1):
        rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        want = scale ** np.arange(1.0, 21)
        got = submission.gradient_norms(
            np.zeros((20, 2)), rng.normal(size=(2, 3)), scale * rotation, np.zeros(3)
        )
        assert_close(got, want, **CLOSE, mistakes={"frobenius": np.sqrt(3) * want})


@graded(points=2)
def test_norms(submission, rng):
    arguments = draw_telling(rng)
    got = submission.gradient_norms(*arguments)
    assert_close(got, layer_norms(*arguments), **CLOSE, mistakes=layer_mistakes(*arguments))
    arguments = draw_layer(rng, 6, 2, 4)
    assert_close(submission.gradient_norms(*arguments), layer_norms(*arguments), **CLOSE)
    for timesteps, units, features in [(3, 3, 2), (1, 2, 3), (4, 1, 1)]:
        shapes = (timesteps, features), (features, units), (units, units), (units,)
        for arguments in forms(rng, *shapes, low=-1, high=1):
            assert_close(submission.gradient_norms(*arguments), layer_norms(*arguments), **SHORT)


@graded(points=2)
def test_clip(submission, rng):
    shapes = [(3, 2), (4,), (2, 2, 2)]
    sizes = [(0.6, 0.9), (0.6, 0.9), (1.2, 1.6)]
    gradients = [
        np.round(rng.choice([-1, 1], shape) * rng.uniform(*size, shape), 2)
        for shape, size in zip(shapes, sizes, strict=True)
    ]
    check_clipped(submission, gradients, 0.5, clip_mistakes(gradients, 0.5))
    check_clipped(submission, CLIP_EXAMPLE, 6.5)
    for arrays in forms(rng, *shapes):
        check_clipped(submission, list(arrays), 0.6 * joint_norm(arrays))
    [matrix, vector, _] = gradients
    for several in ([matrix], [matrix, matrix], [matrix, vector, matrix]):
        check_clipped(submission, several, 0.5)
        check_clipped(submission, several, 1)


@graded(points=1, after=["clip"])
def test_not_clipped(submission, rng):
    gradients = [rng.normal(size=shape) for shape in [(2, 3), (3,)]]
    check_clipped(submission, gradients, 50.0, {"scaled_up": 50.0 / joint_norm(gradients) * gradients[0]})
    for arrays in forms(rng, (2, 3), (3,)):
        check_clipped(submission, list(arrays), 1.5 * joint_norm(arrays))
    check_clipped(submission, gradients, 50)
    check_clipped(submission, CLIP_EXAMPLE, 13.0)
    check_clipped(submission, [np.zeros((2, 2)), np.zeros(3)], 1.0)


@graded(points=1, after=["tanh_unit", "norms", "not_clipped"], hidden=True)
def test_more_inputs(submission, rng):
    arguments = draw_unit(rng, 11)
    assert_close(submission.tanh_gradients(*arguments), unit_gradients(*arguments), **CLOSE)
    arguments = draw_layer(rng, 9, 5, 3)
    assert_close(submission.gradient_norms(*arguments), layer_norms(*arguments), **CLOSE)
    gradients = [rng.normal(size=shape) for shape in [(5,), (2, 4), (1,), (3, 3)]]
    for max_norm in (0.25, 3.0):
        check_clipped(submission, gradients, max_norm)
