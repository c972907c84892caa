"""Grader of day11/gan_model."""

import numpy as np
from course.grading import array, assert_close, assert_shape, graded, require, unpack

LATENT, STEPS, BATCH = 4, 500, 64
SECONDS = 60
MEAN_ERROR, LEAST_SPREAD, MOST_SPREAD = 0.4, 0.4, 2.5


def log(values):
    return np.log(np.clip(values, 1e-7, 1 - 1e-7))


def float32(values):
    return np.asarray(values, dtype=np.float32)


def new_rng(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def build(submission, latent_dim=LATENT):
    return unpack(submission.build_gan(latent_dim), "generator", "discriminator")


def randomise(model, rng):
    model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])


def same(before, after):
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def check_training(submission, rng, mean, spread):
    generator, discriminator = build(submission)
    real = float32(rng.normal(mean, spread, size=(2000, 1)))
    noise = float32(rng.normal(size=(4000, LATENT)))
    before = array(generator.predict(noise), (4000, 1))
    submission.train.within(SECONDS)(generator, discriminator, real, STEPS, BATCH, new_rng(rng))
    after = array(generator.predict(noise), (4000, 1))
    start, end = abs(before.mean() - real.mean()), abs(after.mean() - real.mean())
    told = {"got": f"{after.mean():.2f}", "want": f"{real.mean():.2f}", "start": f"{before.mean():.2f}"}
    require(end < MEAN_ERROR * start, "mean", **told)
    ratio = after.std() / real.std()
    told = {"got": f"{after.std():.2f}", "want": f"{real.std():.2f}"}
    require(ratio > LEAST_SPREAD, "collapsed", **told)
    require(ratio < MOST_SPREAD, "too_wide", **told)


@graded(points=1)
def test_networks(submission, rng):
    for latent_dim in (LATENT, 2):
        generator, discriminator = build(submission, latent_dim)
        noise, numbers = rng.normal(size=(50, latent_dim)), rng.normal(size=(50, 1)) * 3
        require(generator.parameters and discriminator.parameters, "unbuilt")
        highest, lowest, judged = -np.inf, np.inf, []
        for _ in range(5):
            randomise(generator, rng)
            randomise(discriminator, rng)
            made = generator.predict(noise)
            assert_shape(made, (50, 1))
            highest, lowest = max(highest, made.max()), min(lowest, made.min())
            judged.append(array(discriminator.predict(numbers), (50, 1)))
        require(highest > 1.01 and lowest < -1.01, "bounded", low=f"{lowest:.3g}", high=f"{highest:.3g}")
        low, high = np.min(judged), np.max(judged)
        require(low >= 0 and high <= 1, "no_sigmoid", low=f"{low:.3g}", high=f"{high:.3g}")
        require(low < high, "constant", value=f"{low:.3g}")
        require(generator.compiled and discriminator.compiled, "not_compiled")


@graded(points=2, after=["networks"])
def test_discriminator_step(submission, rng):
    generator, discriminator = build(submission)
    real, noise = float32(rng.normal(2, 1, size=(40, 1))), float32(rng.normal(size=(24, LATENT)))
    made, judged = generator.get_weights(), discriminator.get_weights()
    on_real, on_fake = discriminator.predict(real), discriminator.predict(generator.predict(noise))
    want = -log(on_real).mean() - log(1 - on_fake).mean()
    mistakes = {
        "halved": want / 2,
        "real_only": -log(on_real).mean(),
        "fake_only": -log(1 - on_fake).mean(),
        "labels": -log(1 - on_real).mean() - log(on_fake).mean(),
        "fake_as_real": -log(on_real).mean() - log(on_fake).mean(),
        "pooled": np.concatenate([-log(on_real), -log(1 - on_fake)]).mean(),
        "generator_loss": -log(on_fake).mean(),
    }
    loss = submission.discriminator_step(generator, discriminator, real, noise)
    assert_close(loss, want, rtol=1e-3, mistakes=mistakes)
    require(same(made, generator.get_weights()), "generator_moved")
    require(not same(judged, discriminator.get_weights()), "not_moved")
    for _ in range(20):
        loss = submission.discriminator_step(generator, discriminator, real, noise)
    require(array(loss) < want, "rises", before=f"{want:.4f}", after=f"{float(array(loss)):.4f}")


@graded(points=2, after=["networks"])
def test_generator_step(submission, rng):
    generator, discriminator = build(submission)
    noise = float32(rng.normal(size=(32, LATENT)))
    made, judged = generator.get_weights(), discriminator.get_weights()
    on_fake = discriminator.predict(generator.predict(noise))
    want = -log(on_fake).mean()
    mistakes = {"saturating": log(1 - on_fake).mean(), "labels": -log(1 - on_fake).mean(), "sign": -want}
    loss = submission.generator_step(generator, discriminator, noise)
    assert_close(loss, want, rtol=1e-3, mistakes=mistakes)
    require(same(judged, discriminator.get_weights()), "discriminator_moved")
    require(not same(made, generator.get_weights()), "not_moved")
    for _ in range(20):
        loss = submission.generator_step(generator, discriminator, noise)
    require(array(loss) < want, "rises", before=f"{want:.4f}", after=f"{float(array(loss)):.4f}")


@graded(points=1, after=["discriminator_step", "generator_step"])
def test_losses(submission, rng):
    real = float32(rng.normal(size=(30, 1)))
    generator, discriminator = build(submission)
    made, judged = generator.get_weights(), discriminator.get_weights()
    losses = submission.train.within(SECONDS)(generator, discriminator, real, 7, 16, new_rng(rng))
    assert_shape(losses, (7, 2))
    require(not same(made, generator.get_weights()), "generator_still")
    require(not same(judged, discriminator.get_weights()), "discriminator_still")

    # Without weights the discriminator says 0.5 to everything, and there is no slope to follow.
    discriminator.set_weights([np.zeros_like(weight) for weight in judged])
    losses = submission.train.within(SECONDS)(generator, discriminator, real, 1, 16, new_rng(rng))
    undecided = np.log([[4, 2]])
    assert_close(losses, undecided, rtol=0.01, mistakes={"order": undecided[:, ::-1]})


@graded(points=3, after=["losses"])
def test_training(submission, rng):
    check_training(submission, rng, rng.uniform(3, 5), rng.uniform(1.5, 2.5))


@graded(points=1, after=["training"], hidden=True)
def test_other_data(submission, rng):
    check_training(submission, rng, -rng.uniform(3, 5), rng.uniform(1.5, 2.5))
