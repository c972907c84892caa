"""Grader of day09/cnn_model."""

import numpy as np

from course.grading import array, assert_close, graded, require, unchanged
from course.reference.digits import digits
from course.reference.images import conv2d, pool

SHAPES = [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (800, 10), (10,)]
PARAMETERS = 12_810
TRAIN, HELD_OUT, STEPS, BATCH = 2000, 500, 300, 64
# Held-out accuracy after these steps, over 40 seeds: mean 0.979, standard deviation 0.009, least 0.956. Softmax on the
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


def load(model, weights):
    """Set the weights whatever the order in which the model keeps them: all six shapes differ."""
    by_shape = {weight.shape: weight for weight in weights}
    model.set_weights([by_shape[np.shape(weight)] for weight in model.get_weights()])


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
        assert_close(unchanged(submission.prepare, images), scaled(images), mistakes=mistakes)


@graded(points=3)
def test_network(submission, rng):
    model = submission.build_cnn()
    shapes = [np.shape(weight) for weight in model.get_weights()]
    require(shapes, "unbuilt")
    require(model.input_shape in ((None, 28, 28, 1), None), "inputs", shape=str(model.input_shape))
    total = sum(int(np.prod(shape)) for shape in shapes)
    require(sorted(shapes) == sorted(SHAPES), "weights", shapes=", ".join(map(str, shapes)), total=total)
    weights, images = random_weights(rng), rng.uniform(size=(4, 28, 28, 1))
    load(model, weights)
    mistakes = {
        "no_relu": lambda: forward(images, weights, (linear, linear, softmax)),
        "first_relu": lambda: forward(images, weights, (linear, relu, softmax)),
        "second_relu": lambda: forward(images, weights, (relu, linear, softmax)),
        "no_softmax": lambda: forward(images, weights, (relu, relu, linear)),
        "sigmoid": lambda: forward(images, weights, (relu, relu, sigmoid)),
        "average_pooling": lambda: forward(images, weights, reduce=np.mean),
    }
    assert_close(model.predict(images), forward(images, weights), rtol=1e-4, mistakes=mistakes)


@graded(points=1)
def test_compiled(submission, rng):
    settings = submission.build_cnn().compiled
    require(settings is not None, "not_compiled")
    require(settings.loss != "categorical_crossentropy", "one_hot_loss")
    require(settings.loss == "sparse_categorical_crossentropy", "loss", loss=settings.loss)
    require(settings.optimizer == "adam", "optimizer", optimizer=settings.optimizer)
    accuracy = {"accuracy", "acc", "sparse_categorical_accuracy"}
    require(accuracy & set(settings.metrics), "metrics", metrics=", ".join(map(str, settings.metrics)) or "-")


@graded(points=3, after=["network", "compiled"])
def test_accuracy(submission, rng):
    model = submission.build_cnn()
    images, labels = digits(rng, TRAIN)
    model.train_steps(scaled(images), labels, STEPS, BATCH, int(rng.integers(2**31)))
    images, labels = digits(rng, HELD_OUT)
    accuracy = np.mean(array(model.predict(scaled(images))).argmax(axis=1) == labels)
    require(accuracy >= THRESHOLD, "too_low", accuracy=f"{accuracy:.3f}", threshold=THRESHOLD)


@graded(points=2, after=["network"])
def test_predict(submission, rng):
    model = submission.build_cnn()
    load(model, random_weights(rng))
    images, _ = digits(rng, 40)
    probabilities = array(model.predict(scaled(images)), (40, 10))
    want = probabilities.argmax(axis=1)
    mistakes = {
        "probabilities": probabilities,
        "largest": probabilities.max(axis=1),
        "wrong_axis": probabilities.argmax(axis=0),
        "not_prepared": lambda: array(model.predict(images[..., None].astype(float))).argmax(axis=1),
        "smallest": probabilities.argmin(axis=1),
        "from_one": want + 1,
    }
    got = submission.predict_digits(model, images)
    assert_close(got, want, mistakes=mistakes)
    assert_close(submission.predict_digits(model, images[:1]), want[:1])


@graded(points=1, after=["prepare", "predict"], hidden=True)
def test_other_images(submission, rng):
    images = rng.integers(0, 256, size=(9, 28, 28))
    assert_close(submission.prepare(images), scaled(images))
    model = submission.build_cnn()
    load(model, random_weights(rng))
    assert_close(submission.predict_digits(model, images), model.predict(scaled(images)).argmax(axis=1))
