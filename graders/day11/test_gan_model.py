"""Grader of day11/gan_model."""

import itertools

import numpy as np

from course.grading import array, assert_close, forms, graded, model, require, unpack

LATENT, STEPS, BATCH = 4, 300, 64
LEARNING_RATE = 0.005
SECONDS = 60
# A batch so large that one row, or noise of another kind, shows in its loss; six deviations: once in 500 million seeds.
BIG_BATCH, SIGMAS = 8000, 6
BEYOND = 0.158655  # the share of a normal distribution that lies more than one deviation up
# With single rows and single noise vectors the discriminator's loss leaps from step to step. With the same ones every time it
# only drifts, by less than 0.4 a step; that fresh ones leap by no more than 0.5 in 47 steps happens once in 10¹⁰ seeds.
SINGLE_STEPS, LEAP = 48, 0.5
# RMSprop's first step moves a weight by the learning rate / √(1 - ρ), ρ = 0.9.
FIRST_STEP = LEARNING_RATE / np.sqrt(0.1)
# float32, and perhaps a small number of the learner's own inside the logarithm; no output of D compared here is below 0.002
# or above 0.998. Where all of them lie between 0.1 and 0.9, the second.
TOLERANCE = {"rtol": 1e-3, "atol": 1e-6}
FINE = {"rtol": 1e-4, "atol": 1e-6}
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
    return np.random.default_rng(int(rng.integers(2**63)))


def build(submission, latent_dim=LATENT):
    return tuple(map(model, unpack(submission.build_gan(latent_dim), "generator", "discriminator")))


def relu(z):
    return np.maximum(z, 0)


def linear(z):
    return z


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softplus(z):
    """-ln(1 - sigmoid(z)); of -z it is -ln sigmoid(z)."""
    return np.log1p(np.exp(z))


def forward(x, weights, activations):
    for W, b, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        x = activation(x @ W + b)
    return x


def zeros_like(network):
    return [np.zeros_like(weight) for weight in network.get_weights()]


def set_constant(network, value):
    """The network answers `value` (of a discriminator: its sigmoid) to everything."""
    network.set_weights([*zeros_like(network)[:-1], np.array([value])])


def set_copying(network, bias=0.0):
    """The network hands its first input on, plus a bias: x = relu(x) - relu(-x). So D(x) = sigmoid(x + bias)."""
    weights = zeros_like(network)
    weights[0][0, :2] = 1, -1
    for middle in weights[2:-2:2]:
        middle[0, 0] = middle[1, 1] = 1
    weights[-2][:2, 0] = 1, -1
    weights[-1][0] = bias
    network.set_weights(weights)


def set_two_valued(generator, rng):
    """Fakes are 2 where the noise lies more than 1 deviation out in some direction, else -2."""
    weights = zeros_like(generator)
    direction = rng.normal(size=(LATENT, 1))
    weights[0][:, :2] = 1000 * direction / np.linalg.norm(direction)
    weights[1][:2] = -1000, -1004
    weights[2][:2, 0] = 1, -1
    weights[3][0] = -2
    generator.set_weights(weights)


def check_network(network, units, rng, mistakes):
    """The model has these dense layers and computes, for random weights, relu and at the end `mistakes[""]`."""
    require(network.parameters is not None, "unbuilt")
    wanted = [
        shape for inputs, outputs in itertools.pairwise(units) for shape in ((inputs, outputs), (outputs,))
    ]
    shapes = [np.shape(weight) for weight in network.get_weights()]
    require(
        shapes == wanted, "weights", got=", ".join(map(str, shapes)) or "-", want=", ".join(map(str, wanted))
    )
    weights = [rng.normal(size=shape) for shape in shapes]
    x = rng.normal(size=(20, units[0]))
    # Half of the last layer's sums are negative, so that each activation shows.
    weights[-1] -= np.median(forward(x, weights, [*mistakes[""][:-1], linear]), axis=0)
    network.set_weights(weights)
    outputs = {key: forward(x, weights, activations) for key, activations in mistakes.items()}
    assert_close(network.predict(x), outputs.pop(""), rtol=1e-4, atol=1e-5, mistakes=outputs)


def moved(before, after):
    """For each array of weights whether it changed."""
    return [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]


def set_pair(generator, discriminator):
    """G(z) = z[0] + 0.9 and D(x) = sigmoid(x): a number of the generator is never 0, where relu has no slope."""
    set_copying(generator, bias=0.9)
    set_copying(discriminator)


def discriminator_loss(generator, discriminator, real, noise):
    on_real, on_fake = discriminator.predict(real), discriminator.predict(generator.predict(noise))
    return -log(on_real).mean() - log(1 - on_fake).mean()


def generator_loss(generator, discriminator, noise):
    return -log(discriminator.predict(generator.predict(noise))).mean()


def check_discriminator_step(submission, generator, discriminator, real, noise, enough=any, mistakes=None):
    """One step: its loss, which network moved, and by how many steps of which optimizer.

    enough: whether any or all of the arrays of weights must move; for some numbers some have no slope.
    """
    set_pair(generator, discriminator)
    made, judged = generator.get_weights(), discriminator.get_weights()
    steps = generator.steps, discriminator.steps
    want = discriminator_loss(generator, discriminator, real, noise)
    loss = submission.discriminator_step(generator, discriminator, real, noise)
    assert_close(loss, want, **TOLERANCE, mistakes=mistakes)
    require(not any(moved(made, generator.get_weights())), "generator_moved")
    require(enough(moved(judged, discriminator.get_weights())), "not_moved")
    require(generator.steps == steps[0], "shared_optimizer")
    require(discriminator.steps == steps[1] + 1, "one_step", got=discriminator.steps - steps[1])


def check_generator_step(submission, generator, discriminator, noise, enough=any, mistakes=None):
    """As above."""
    set_pair(generator, discriminator)
    made, judged = generator.get_weights(), discriminator.get_weights()
    steps = generator.steps, discriminator.steps
    want = generator_loss(generator, discriminator, noise)
    loss = submission.generator_step(generator, discriminator, noise)
    assert_close(loss, want, **TOLERANCE, mistakes=mistakes)
    require(not any(moved(judged, discriminator.get_weights())), "discriminator_moved")
    require(enough(moved(made, generator.get_weights())), "not_moved")
    require(discriminator.steps == steps[1], "shared_optimizer")
    require(generator.steps == steps[0] + 1, "one_step", got=generator.steps - steps[0])


def check_lower(step, loss):
    """Twenty steps on the same numbers lower the loss."""
    before = loss()
    for _ in range(20):
        step()
    require(loss() < before, "rises", before=f"{before:.4f}", after=f"{loss():.4f}")


def check_first_losses(submission, rng, latent_dim, real, batch_size):
    """Data and fakes are constant, so one pair of steps has the same losses whatever rows and noise it draws."""
    generator, discriminator = build(submission, latent_dim)
    fake = rng.uniform(0.5, 1.5)
    set_constant(generator, fake)
    set_copying(discriminator)
    got = submission.train.within(SECONDS)(generator, discriminator, real, 1, batch_size, new_rng(rng))
    first = softplus(-real[0, 0]) + softplus(fake)
    later = softplus(-real[0, 0]) + softplus(fake + FIRST_STEP)
    second = -log(discriminator.predict([[fake]])).item()
    mistakes = {
        "order": [[second, first]],
        "at_once": [[first, softplus(-fake)]],
        "generator_first": [[later, softplus(-fake)]],
    }
    assert_close(got, [[first, second]], **FINE, mistakes=mistakes)


def single_losses(submission, set_generator, real, rng):
    """The discriminator's losses in steps of one row and one noise vector each."""
    generator, discriminator = build(submission)
    set_generator(generator)
    set_copying(discriminator)
    made, judged = generator.get_weights(), discriminator.get_weights()
    got = submission.train.within(SECONDS)(generator, discriminator, real, SINGLE_STEPS, 1, rng)
    losses = array(got, (SINGLE_STEPS, 2))
    require(any(moved(made, generator.get_weights())), "generator_still")
    require(any(moved(judged, discriminator.get_weights())), "discriminator_still")
    steps = discriminator.steps, generator.steps
    require(steps == (SINGLE_STEPS,) * 2, "steps", want=SINGLE_STEPS, d=steps[0], g=steps[1])
    return losses[:, 0]


def leaps(losses):
    return np.abs(np.diff(losses)).max() > LEAP


def check_rows(submission, rng):
    """Rows are drawn anew in every step, as many as asked for: -2 or 2 before a constant generator.

    Its constant is not 0, where relu may have no slope: then it would not move.
    """
    real, fake = np.tile(float32([[-2.0], [2.0]]), (8, 1)), 0.3
    losses = single_losses(submission, lambda generator: set_constant(generator, fake), real, new_rng(rng))
    possible = softplus(np.array([2.0, -2.0])) + softplus(fake)
    nearest = possible[np.argmin(np.abs(possible - losses[0]))]
    require(abs(losses[0] - nearest) < 1e-3, "batch", size=1, got=f"{losses[0]:.3f}", want=f"{nearest:.3f}")
    require(leaps(losses), "same_rows")


def check_noise(submission, rng):
    """Noise is drawn anew in every step, from the generator that is handed over."""
    seed, other = rng.integers(2**32, size=2)
    real = np.full((8, 1), 1.0, dtype=np.float32)
    runs = [
        single_losses(submission, set_copying, real, np.random.default_rng(s)) for s in (seed, seed, other)
    ]
    require(leaps(runs[0]), "same_noise")
    require(np.isclose(runs[0][0], runs[1][0], rtol=1e-4), "not_from_rng")
    require(not np.isclose(runs[0][0], runs[2][0], rtol=1e-4), "ignores_rng")


def check_batches(submission, rng):
    """The first losses of a large batch are means over all real numbers and over standard normal noise."""
    generator, discriminator = build(submission)
    set_two_valued(generator, rng)
    set_copying(discriminator)
    real = np.repeat(float32([[-2.0], [2.0]]), BIG_BATCH // 2, axis=0)
    got = submission.train.within(SECONDS)(generator, discriminator, real, 1, BIG_BATCH, new_rng(rng))
    on_real, (d_loss, g_loss) = softplus(real), array(got, (1, 2))[0]
    check_batch_loss(d_loss, softplus(2), softplus(-2), on_real.mean(), on_real.var())
    check_batch_loss(g_loss, *-log(discriminator.predict([[2.0], [-2.0]])).ravel())


def check_batch_loss(got, above, below, others=0.0, variance=0.0):
    """The loss is the mean of what the two-valued generator's numbers give, `above` and `below`, beside that of others."""
    want = others + BEYOND * above + (1 - BEYOND) * below
    deviation = np.sqrt((variance + BEYOND * (1 - BEYOND) * (above - below) ** 2) / BIG_BATCH)
    told = {"size": BIG_BATCH, "got": f"{got:.3f}", "want": f"{want:.3f}"}
    require(abs(got - want) < SIGMAS * deviation, "batch", **told)


@graded(points=2)
def test_networks(submission, rng):
    for latent_dim in (LATENT, 1):
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
        for network in (generator, discriminator):
            settings = network.compiled
            require(settings is not None, "not_compiled")
            require(settings.optimizer == "rmsprop", "optimizer", optimizer=settings.optimizer)
            rate = settings.learning_rate
            require(np.isclose(rate, LEARNING_RATE), "rate", got=rate, want=LEARNING_RATE)


@graded(points=2, after=["networks"])
def test_discriminator_step(submission, rng):
    generator, discriminator = build(submission)
    set_pair(generator, discriminator)
    real, noise = float32(rng.normal(2, 1, size=(40, 1))), float32(rng.normal(size=(24, LATENT)))
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
    check_discriminator_step(submission, generator, discriminator, real, noise, all, mistakes)
    generator, discriminator = build(submission)
    check_lower(
        lambda: submission.discriminator_step(generator, discriminator, real, noise),
        lambda: discriminator_loss(generator, discriminator, real, noise),
    )


@graded(points=2, after=["networks"])
def test_generator_step(submission, rng):
    generator, discriminator = build(submission)
    set_pair(generator, discriminator)
    noise = float32(rng.normal(size=(32, LATENT)))
    on_fake = discriminator.predict(generator.predict(noise))
    want = -log(on_fake).mean()
    mistakes = {"saturating": log(1 - on_fake).mean(), "labels": -log(1 - on_fake).mean(), "sign": -want}
    check_generator_step(submission, generator, discriminator, noise, all, mistakes)
    generator, discriminator = build(submission)
    check_lower(
        lambda: submission.generator_step(generator, discriminator, noise),
        lambda: generator_loss(generator, discriminator, noise),
    )


@graded(points=1, after=["discriminator_step", "generator_step"], hidden=True)
def test_other_sizes(submission, rng):
    for latent_dim, rows, fakes, value in ((1, 1, 8, -rng.uniform(1, 2)), (7, 5, 1, 0.0)):
        generator, discriminator = build(submission, latent_dim)
        for real, noise in forms(rng, (rows, 1), (fakes, latent_dim)):
            check_discriminator_step(submission, generator, discriminator, float32(real), float32(noise))
            check_generator_step(submission, generator, discriminator, float32(noise))
        real = np.full((rows, 1), value, dtype=np.float32)
        check_first_losses(submission, rng, latent_dim, real, rows)


@graded(points=1, after=["discriminator_step", "generator_step"])
def test_losses(submission, rng):
    real = np.full((30, 1), rng.uniform(1, 2), dtype=np.float32)
    check_first_losses(submission, rng, LATENT, real, 16)
    check_batches(submission, rng)
    check_rows(submission, rng)
    check_noise(submission, rng)


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
