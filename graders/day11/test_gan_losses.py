"""Grader of day11/gan_losses."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require

CLIP = 1e-7
# 1 - 1e-7 has no float32 neighbour closer than 2e-8: its logarithm is right to 1.2 percent there.
AT_THE_CLIP = 0.02
SHAPES = [((5,), (3,)), ((1,), (1,)), ((3, 1), (6, 1))]


def log(values):
    return np.log(np.clip(values, CLIP, 1 - CLIP))


def d_loss(real, fake):
    return -log(real).mean() - log(1 - fake).mean()


def check_discriminator(submission, real, fake):
    want = d_loss(real, fake)
    logs = [-log(real), -log(1 - fake)]
    mistakes = {
        "halved": want / 2,
        "pooled": np.concatenate([part.ravel() for part in logs]).mean(),
        "summed": sum(part.sum() for part in logs),
        "sign": -want,
        "labels": -log(1 - real).mean() - log(fake).mean(),
        "real_only": logs[0].mean(),
        "fake_only": logs[1].mean(),
        "fake_as_real": -log(real).mean() - log(fake).mean(),
        "difference": logs[0].mean() - logs[1].mean(),
        "log_of_mean": -np.log(real.mean()) - np.log(1 - fake.mean()),
        "log2": want / np.log(2),
    }
    assert_close(submission.discriminator_loss(real, fake), want, mistakes=mistakes)


def check_generator(submission, fake):
    saturating, practical = log(1 - fake).mean(), -log(fake).mean()
    mistakes = {
        "other_loss": practical,
        "sign": -saturating,
        "real_formula": log(fake).mean(),
        "summed": log(1 - fake).sum(),
        "log_of_mean": np.log(1 - fake.mean()),
    }
    assert_close(submission.saturating_generator_loss(fake), saturating, mistakes=mistakes)
    mistakes = {
        "other_loss": saturating,
        "sign": -practical,
        "discriminator": -saturating,
        "summed": -log(fake).sum(),
        "log_of_mean": -np.log(fake.mean()),
    }
    assert_close(submission.generator_loss(fake), practical, mistakes=mistakes)


def check_optimal(submission, p, q):
    assert_close(submission.optimal_discriminator(p, q), p / (p + q))


@graded(points=2)
def test_discriminator(submission, rng):
    for real_shape, fake_shape in (((8,), (5,)), ((3, 1), (9, 1))):
        check_discriminator(submission, rng.uniform(0.5, 0.95, real_shape), rng.uniform(0.1, 0.4, fake_shape))
    assert_close(submission.discriminator_loss(np.array([0.9, 0.8]), np.array([0.3])), 0.52092698)
    for shapes in SHAPES:
        for real, fake in forms(rng, *shapes, low=0.02, high=0.98):
            assert_close(submission.discriminator_loss(real, fake), d_loss(real, fake))


@graded(points=2)
def test_generator(submission, rng):
    for shape in ((7,), (4, 1)):
        check_generator(submission, rng.uniform(0.05, 0.4, shape))
    assert_close(submission.saturating_generator_loss(np.array([0.01])), -0.01005034)
    assert_close(submission.generator_loss(np.array([0.01])), 4.60517019)
    for shape, _ in SHAPES:
        for (fake,) in forms(rng, shape, low=0.02, high=0.98):
            assert_close(submission.saturating_generator_loss(fake), log(1 - fake).mean())
            assert_close(submission.generator_loss(fake), -log(fake).mean())


@graded(points=1, after=["discriminator", "generator"])
def test_equilibrium(submission, rng):
    half = np.full(int(rng.integers(3, 9)), 0.5)
    mistakes = {"one_half": np.log(2)}
    assert_close(submission.discriminator_loss(half, half[:2]), 2 * np.log(2), mistakes=mistakes)
    assert_close(submission.saturating_generator_loss(half), -np.log(2))
    assert_close(submission.generator_loss(half), np.log(2))


@graded(points=1, after=["discriminator", "generator"])
def test_clipping(submission, rng):
    sure, none = rng.uniform(0.2, 0.8, size=(2, 3))
    sure[0], none[0] = 1, 0
    assert_close(submission.discriminator_loss(none, sure), d_loss(none, sure), rtol=AT_THE_CLIP)
    assert_close(submission.discriminator_loss(sure, none), d_loss(sure, none), atol=1e-5)
    assert_close(submission.saturating_generator_loss(sure), log(1 - sure).mean(), rtol=AT_THE_CLIP)
    assert_close(submission.generator_loss(none), -log(none).mean(), rtol=AT_THE_CLIP)
    assert_close(submission.saturating_generator_loss(none), log(1 - none).mean(), atol=1e-5)
    assert_close(submission.generator_loss(sure), -log(sure).mean(), atol=1e-5)


@graded(points=2)
def test_optimal(submission, rng):
    points = np.linspace(-6, 6, 61)
    p = np.exp(-((points - rng.uniform(-1, 0)) ** 2))
    q = 0.7 * np.exp(-((points - rng.uniform(0.5, 2)) ** 2) / 2)
    got = array(submission.optimal_discriminator(p, q), p.shape)
    mistakes = {
        "exchanged": q / (p + q),
        "ratio": p / q,
        "difference": p - q,
        "sigmoid": 1 / (1 + np.exp(q - p)),
        "normalised": p / p.sum() / (p / p.sum() + q / q.sum()),
    }
    assert_close(got, p / (p + q), mistakes=mistakes)

    def value(d):
        return float(np.sum(p * log(d) + q * log(1 - d)))

    for other in (got + 0.02, got - 0.02, rng.uniform(0.01, 0.99, got.shape)):
        require(value(got) > value(other), "not_best")
    for shape in ((4,), (1,), (2, 3), (1, 2), (3, 1)):
        for low in (0.1, 2.1):  # densities may exceed 1
            for densities in forms(rng, shape, shape, low=low, high=low + 0.8):
                check_optimal(submission, *densities)
    equal = rng.uniform(0.1, 3, size=(2, 3))
    check_optimal(submission, equal, equal)
    check_optimal(submission, np.zeros(0), np.zeros(0))


@graded(points=1, after=["optimal"])
def test_empty(submission, rng):
    p, q = rng.uniform(0.5, 3, size=(2, 2, 4))
    p[:, :2], q[:, 1:3] = 0, 0  # in every row 0 and q, 0 and 0, p and 0
    p[1, 3], q[1, 3] = 1e-9, 3e-9
    want = np.where(p + q == 0, 0.5, p / np.where(p + q == 0, 1, p + q))
    got = submission.optimal_discriminator(p, q)
    assert_close(got, want, mistakes={"zero": np.where(p + q == 0, 0, want)})


@graded(points=2, hidden=True, after=["equilibrium", "optimal"])
def test_divergence(submission, rng):
    p, q = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    best = array(submission.optimal_discriminator(p, q), (6,))
    assert_close(best, p / (p + q))
    counts = rng.integers(1, 9, size=(2, 6))
    real, fake = np.repeat(best, counts[0])[:, None], np.repeat(best, counts[1])[:, None]
    assert_close(submission.discriminator_loss(real, fake), d_loss(real, fake))
    assert_close(submission.saturating_generator_loss(fake), log(1 - fake).mean())
    assert_close(submission.generator_loss(fake), -log(fake).mean())
