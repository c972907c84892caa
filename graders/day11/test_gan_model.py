"""Grader of day11/gan_model."""

import itertools

import numpy as np

from course.grading import array, assert_close, assert_shape, graded, require, unpack

LATENT, STEPS, BATCH = 4, 300, 64
LEARNING_RATE = 0.005
SECONDS = 60
# A batch so large that one row, or noise of another kind, shows in its loss; six deviations: once in 500 million seeds.
BIG_BATCH, SIGMAS = 4000, 6
# After 300 steps of the solution on data with mean ±3…5 and spread 1.5…2.5, over 221 seeds: the distance of the means is
# 0.04 of what it was (standard deviation 0.03, most 0.18), the spread 0.97 times the data's (0.63 to 1.56; the logarithm
# has deviation 0.14). So the bounds lie 11, 6 and 6 deviations away: a correct GAN fails far less than once in 1,000
# seeds. Untrained, the distance stays 1.
MEAN_ERROR, LEAST_SPREAD, MOST_SPREAD = 0.4, 0.4, 2.5


def log(values):
    return np.log(np.clip(values, 1e-7, 1 - 1e-7))


def float32(values):
    return np.asarray(values, dtype=np.float32)


def new_rng(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def build(submission, latent_dim=LATENT):
    return unpack(submission.build_gan(latent_dim), "generator", "discriminator")


def relu(z):
    return np.maximum(z, 0)


def linear(z):
    return z


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, weights, activations):
    for W, b, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        x = activation(x @ W + b)
    return x


def check_network(model, units, rng, mistakes):
    """The model has these dense layers and computes, for random weights, relu and at the end `mistakes[""]`."""
    wanted = [
        shape for inputs, outputs in itertools.pairwise(units) for shape in ((inputs, outputs), (outputs,))
    ]
    shapes = [np.shape(weight) for weight in model.get_weights()]
    require(
        shapes == wanted, "weights", got=", ".join(map(str, shapes)) or "-", want=", ".join(map(str, wanted))
    )
    weights = [rng.normal(size=shape) for shape in shapes]
    model.set_weights(weights)
    x = rng.normal(size=(20, units[0]))
    outputs = {key: forward(x, weights, activations) for key, activations in mistakes.items()}
    assert_close(model.predict(x), outputs.pop(""), rtol=1e-4, atol=1e-5, mistakes=outputs)


def same(before, after):
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def check_batches(submission, rng):
    """The first loss of a large batch is the mean over all real numbers and over standard normal noise."""
    generator, discriminator = build(submission)
    generator.set_weights([rng.normal(size=np.shape(weight)) for weight in generator.get_weights()])
    discriminator.set_weights(plain_discriminator())
    real = np.repeat(float32([[-2.0], [2.0]]), 500, axis=0)
    fake = array(generator.predict(rng.normal(size=(50_000, LATENT))))
    on_real, on_fake = sigmoid(real), sigmoid(fake)
    parts = -log(on_real), -log(1 - on_fake)
    want, deviation = (
        sum(part.mean() for part in parts),
        np.sqrt(sum(part.var() for part in parts) / BIG_BATCH),
    )
    losses = submission.train.within(SECONDS)(generator, discriminator, real, 1, BIG_BATCH, new_rng(rng))
    got = array(losses, (1, 2))[0, 0]
    require(abs(got - want) < SIGMAS * deviation + 1e-3, "batch", got=f"{got:.3f}", want=f"{want:.3f}")


def plain_discriminator():
    """Weights for which D(x) = sigmoid(x): x = relu(x) - relu(-x), handed through."""
    weights = [np.zeros(shape) for shape in ((1, 16), (16,), (16, 16), (16,), (16, 1), (1,))]
    weights[0][0, :2] = 1, -1
    weights[2][0, 0] = weights[2][1, 1] = 1
    weights[4][:2, 0] = 1, -1
    return weights


@graded(points=2)
def test_networks(submission, rng):
    for latent_dim in (LATENT, 2):
        generator, discriminator = build(submission, latent_dim)
        layers = {
            "": [relu, linear],
            "no_relu": [linear, linear],
            "bounded": [relu, sigmoid],
            "no_negatives": [relu, relu],
        }
        layers["bounded_by_one"] = [relu, np.tanh]
        check_network(generator, [latent_dim, 16, 1], rng, layers)
        layers = {
            "": [relu, relu, sigmoid],
            "no_sigmoid": [relu, relu, linear],
            "no_relu": [linear, linear, sigmoid],
        }
        check_network(discriminator, [1, 16, 16, 1], rng, layers)
        for model in (generator, discriminator):
            settings = model.compiled
            require(settings is not None, "not_compiled")
            require(settings.optimizer == "rmsprop", "optimizer", optimizer=settings.optimizer)
            rate = settings.learning_rate
            require(np.isclose(rate, LEARNING_RATE), "rate", got=rate, want=LEARNING_RATE)


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
    check_batches(submission, rng)


@graded(points=3, after=["losses"])
def test_training(submission, rng):
    generator, discriminator = build(submission)
    mean, spread = rng.choice([-1, 1]) * rng.uniform(3, 5), rng.uniform(1.5, 2.5)
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


@graded(points=1, after=["losses"], hidden=True)
def test_other_sizes(submission, rng):
    for latent_dim, rows, fakes in ((1, 9, 30), (7, 50, 12)):
        generator, discriminator = build(submission, latent_dim)
        real, noise = float32(rng.normal(size=(rows, 1))), float32(rng.normal(size=(fakes, latent_dim)))
        on_real, on_fake = discriminator.predict(real), discriminator.predict(generator.predict(noise))
        loss = submission.discriminator_step(generator, discriminator, real, noise)
        assert_close(loss, -log(on_real).mean() - log(1 - on_fake).mean(), rtol=1e-3)
        on_fake = discriminator.predict(generator.predict(noise))
        loss = submission.generator_step(generator, discriminator, noise)
        assert_close(loss, -log(on_fake).mean(), rtol=1e-3)
        losses = submission.train.within(SECONDS)(generator, discriminator, real, 3, fakes, new_rng(rng))
        assert_shape(losses, (3, 2))
