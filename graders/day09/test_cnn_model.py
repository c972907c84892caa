"""Grader of day09/cnn_model."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, graded, model, require
from graders.reference.digits import digits
from graders.reference.images import conv2d, pool

SHAPES = [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (800, 10), (10,)]
PARAMETERS = 12_810
TRAIN, HELD_OUT, BATCH = 2000, 500, 64
# 300 steps, the last of them only where nothing is decided before: no wrong network reads better half way than in the end.
STEPS = (180, 120)
# Held-out accuracy after all of these steps, over 40 seeds: mean 0.979, standard deviation 0.009, least 0.956. Softmax on the
# pixels: mean 0.661, deviation 0.023, most 0.716; untrained: about 0.1. So 0.9 lies 8 deviations below the one and 10
# above the other: a correct network fails far less than once in 1,000 seeds.
THRESHOLD = 0.9


def scaled(images):
    return (images / 255)[..., None]


def relu(z):
    return np.maximum(z, 0)


def linear(z):
    return z


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(images, weights, activations=(relu, relu, softmax), reduce=np.max):
    """What the network computes for prepared images (n, 28, 28, 1)."""
    first, second, last = activations
    k1, b1, k2, b2, W, b = weights
    flat = []
    for image in images:
        maps = pool(first(conv2d(image, k1, b1)), 2, 2, reduce)
        flat.append(pool(second(conv2d(maps, k2, b2)), 2, 2, reduce).ravel())
    return last(np.array(flat) @ W + b)


def random_weights(rng):
    """Weights that keep sums of order 1, with biases that make some units silent."""
    return [
        rng.normal(scale=np.prod(shape[:-1]) ** -0.5 if len(shape) > 1 else 0.5, size=shape)
        for shape in SHAPES
    ]


def load(built, weights):
    """Set the weights whatever the order in which the model keeps them: all six shapes differ."""
    by_shape = {weight.shape: weight for weight in weights}
    built.set_weights([by_shape[weight.shape] for weight in built.get_weights()])


def fed_again(built, shapes):
    """Shapes of a later layer's weights that fit the images themselves, where the way of writing allows that."""
    later = [shape for shape in shapes if shape in ((3, 3, 1, 32), (784, 10))]
    first_or_alone = SHAPES[0] in shapes or len(shapes) == 2  # a kernel and its bias
    return later if built.kind != "Sequential" and first_or_alone else []


@graded(points=1)
def test_prepare(submission, rng):
    for count in (3, 1):
        images = rng.integers(0, 201, size=(count, 28, 28)).astype(np.uint8)
        mistakes = {
            "no_channel": images / 255,
            "channel_first": (images / 255)[:, None],
            "not_scaled": images[..., None],
            "by_256": images[..., None] / 256,
            "by_maximum": images[..., None] / images.max(),
            "around_zero": images[..., None] / 127.5 - 1,
        }
        assert_close(submission.prepare(images), scaled(images), mistakes=mistakes)
    for grey in (0, int(rng.integers(1, 255))):
        images = np.full((2, 28, 28), grey)
        assert_close(submission.prepare(images), scaled(images))


@graded(points=3)
def test_network(submission, rng):
    built, other = model(submission.build_cnn()), model(submission.build_cnn())
    shapes = [weight.shape for weight in built.get_weights()]
    require(shapes, "unbuilt")
    require(built.input_shape in ((None, 28, 28, 1), None), "inputs", shape=str(built.input_shape))
    again = fed_again(built, shapes)
    require(not again, "inputs_again", shape=again[0] if again else "")
    total = sum(int(np.prod(shape)) for shape in shapes)
    require(sorted(shapes) == sorted(SHAPES), "weights", shapes=", ".join(map(str, shapes)), total=total)
    weights, images = random_weights(rng), rng.uniform(size=(4, 28, 28, 1))
    load(built, weights)
    mistakes = {
        "no_relu": lambda: forward(images, weights, (linear, linear, softmax)),
        "first_relu": lambda: forward(images, weights, (linear, relu, softmax)),
        "second_relu": lambda: forward(images, weights, (relu, linear, softmax)),
        "no_softmax": lambda: forward(images, weights, (relu, relu, linear)),
        "sigmoid": lambda: forward(images, weights, (relu, relu, sigmoid)),
        "average_pooling": lambda: forward(images, weights, reduce=np.mean),
    }
    assert_close(built.predict(images), forward(images, weights), rtol=1e-4, mistakes=mistakes)
    load(other, random_weights(rng))
    require(np.allclose(built.predict(images), forward(images, weights), rtol=1e-4), "same")


@graded(points=1)
def test_compiled(submission):
    settings = model(submission.build_cnn()).compiled
    require(settings is not None, "not_compiled")
    loss = str(settings.loss)
    require(not loss.startswith("sparse_categorical_crossentropy (from_logits"), "from_logits")
    require(loss != "SparseCategoricalCrossentropy", "loss_settings", loss=loss)
    require(not loss.startswith("categorical_crossentropy"), "one_hot_loss")
    require(loss == "sparse_categorical_crossentropy", "loss", loss=loss)
    require(settings.optimizer == "adam", "optimizer", optimizer=settings.optimizer)
    if not {"accuracy", "sparse_categorical_accuracy"} & set(settings.metrics):
        require("Accuracy" not in settings.metrics, "exact_accuracy")
        fail("metrics", metrics=", ".join(settings.metrics) or "-")


@graded(points=3, after=["network", "compiled"], apart=True)
def test_accuracy(submission, rng):
    built = model(submission.build_cnn())
    images, labels = digits(rng, TRAIN)
    others, known = digits(rng, HELD_OUT)
    start, accuracy = built.get_weights(), 0.0
    for steps in STEPS:
        if accuracy < THRESHOLD:
            built.train_steps(scaled(images), labels, steps, BATCH, int(rng.integers(2**31)))
            accuracy = np.mean(array(built.predict(scaled(others))).argmax(axis=1) == known)
    pairs = zip(start, built.get_weights(), strict=True)
    still = [old.shape for old, new in pairs if np.array_equal(old, new)]
    require(not still, "frozen", shapes=", ".join(map(str, still)))
    require(accuracy >= THRESHOLD, "too_low", accuracy=f"{accuracy:.3f}", threshold=THRESHOLD)


def reader(submission, rng, images):
    """A learner's model with random weights under which no digit is the likeliest in all of these images."""
    built, weights = model(submission.build_cnn()), random_weights(rng)
    load(built, weights)
    logits = np.log(array(built.predict(scaled(images)), (len(images), 10)))
    weights[-1] = weights[-1] - logits.mean(axis=0)
    load(built, weights)
    return built


def check_digits(submission, built, images):
    """Whole numbers, those of the largest probabilities."""
    probabilities = array(built.predict(scaled(images)), (len(images), 10))
    want = probabilities.argmax(axis=1)
    mistakes = {
        "probabilities": probabilities,
        "largest": probabilities.max(axis=1),
        "wrong_axis": probabilities.argmax(axis=0),
        "not_prepared": lambda: array(built.predict(images[..., None].astype(float))).argmax(axis=1),
        "smallest": probabilities.argmin(axis=1),
        "from_one": want + 1,
    }
    assert_equal(submission.predict_digits(built, images), want, mistakes=mistakes)


@graded(points=2, after=["network"])
def test_predict(submission, rng):
    images, _ = digits(rng, 80)
    built = reader(submission, rng, images)
    for part in (images[:40], images[40:]):
        check_digits(submission, built, part)
    grey = np.full((2, 28, 28), int(rng.integers(1, 256)))
    for few in (images[:1], grey):
        want = array(built.predict(scaled(few))).argmax(axis=1)
        assert_equal(submission.predict_digits(built, few), want)


@graded(points=1, after=["prepare", "predict"], hidden=True)
def test_other_images(submission, rng):
    images = rng.integers(0, 256, size=(9, 28, 28))
    assert_close(submission.prepare(images), scaled(images))
    built = reader(submission, rng, images)
    assert_equal(
        submission.predict_digits(built, images), array(built.predict(scaled(images))).argmax(axis=1)
    )
