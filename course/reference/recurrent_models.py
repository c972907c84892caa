"""Day 10's three models as the lecture builds them, and the checks that their graders share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from course.grading import Model, Submission, array, assert_close, require
from course.reference.recurrent import LECTURE_ACTIVATIONS, Array, random_weights, recurrent_model

INPUTS = ((None, 3, 1), (None, None, 1), None)  # None: a subclassed model does not say
PASSIVE = {"Activation", "ReLU", "Reshape", "Flatten"}  # without weights; the formula tells what they do
DENSE_SHAPES = ((128, 128), (128,), (128, 128), (128,), (128, 32), (32,), (32, 1), (1,))
DENSE_PARAMETERS = [16512, 16512, 4128, 33]

NUMBERS = np.arange(1.0, 11.0)
WINDOWS = np.stack([NUMBERS[start : start + 3] for start in range(7)])[:, :, None]  # (7, 3, 1)
TARGETS = NUMBERS[3:, None]  # (7, 1)
RATES = (0.0005, 0.002)
# The prediction after 8, 9, 10 from random starts, trained as here, and of untrained models:
#            starts  minimum     1%  median    99%  maximum     untrained
# SimpleRNN     246     9.62   9.99   10.87  11.56    11.72  -1.4 to 1.2
# LSTM          245     9.72  10.19   10.95  11.34    11.51  -0.4 to 0.5
# GRU           245    10.34  10.46   10.92  11.34    11.46  -0.8 to 0.8
# Tails fitted to the outer 5 to 15 %: exponential, at most 7·10⁻⁶ of correct models below 8 and 5·10⁻⁷ above 14;
# generalised Pareto, the pessimistic choice, at most 4·10⁻⁴ (LSTM 0.4 to 1.1·10⁻³; all 736 starts together 6·10⁻⁴):
# fewer than one in 1,000, by the second about that for LSTM at the very worst. One that predicts the targets' mean
# says 7. A linear model would say 11, but it does not compute the formula with random weights.
# At the ends of RATES, five to eight starts each, the prediction lay between 10.1 and 11.3.
NEAR_11 = (8.0, 14.0)


@dataclass(frozen=True)
class RecurrentModel:
    """One recurrent layer of 128 units on windows (batch, 3, 1), then Dense layers of 128, 128, 32 and 1 units.

    layer is Keras' class, cell its name in `recurrent_model`, shapes those of the layer's weights, parameters their
    number, total that of the whole model, epochs the lecture's, each over the seven windows one at a time.
    """

    layer: str
    cell: str
    shapes: Sequence[tuple[int, ...]]
    parameters: int
    total: int
    epochs: int

    def forward(
        self,
        x: Array,
        weights: Sequence[Array],
        activations: Sequence[str] = LECTURE_ACTIVATIONS,
    ) -> Array:
        """What the model must compute: x (batch, 3, 1) to (batch, 1)."""
        return recurrent_model(self.cell, x, weights, activations)

    def following(self, numbers: Sequence[float] | Array, weights: Sequence[Array]) -> float:
        """What the model must predict after three numbers."""
        return float(self.forward(np.reshape(numbers, (1, 3, 1)), weights).item())

    def with_random_weights(
        self, submission: Submission, rng: np.random.Generator
    ) -> tuple[Model, list[Array]]:
        """A learner's model with weights of the grader's, and these weights."""
        model = submission.build_model()
        weights = random_weights(rng, [*self.shapes, *DENSE_SHAPES])
        model.set_weights(weights)
        return model, weights

    def check_layers(self, submission: Submission) -> None:
        """The input, and which layers there are in which order."""
        model = submission.build_model()
        require(model.parameters is not None, "unbuilt")
        require(model.input_shape in INPUTS, "input", shape=model.input_shape)
        weighted = [layer for layer in model.layers if layer.parameters]
        kinds = [layer.kind for layer in weighted]
        require(kinds and kinds[0] in (self.layer, "RNN"), "recurrent", kinds=", ".join(kinds))
        require(kinds[1:] == ["Dense"] * 4, "dense", kinds=", ".join(kinds))
        for layer in model.layers:
            require(layer.parameters or layer.kind in PASSIVE, "extra", kind=layer.kind)
            require(layer.trainable, "frozen", name=layer.name)
        activation = weighted[0].config.get("activation", "tanh")
        require(activation == "tanh", "activation", activation=activation)

    def check_parameters(
        self, submission: Submission, mistakes: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """How many there are in each layer, in which shapes; mistakes are numbers of the recurrent layer's with a key."""
        model = submission.build_model()
        recurrent, *dense = [layer.parameters for layer in model.layers if layer.parameters]
        for key, mistaken in mistakes.items():
            require(recurrent != mistaken, key)
        require(recurrent == self.parameters, "recurrent", got=recurrent)
        require(dense == DENSE_PARAMETERS, "dense", got=dense)
        require(model.parameters == self.total, "total", got=model.parameters)
        require([weight.shape for weight in model.get_weights()] == [*self.shapes, *DENSE_SHAPES], "order")

    def check_formula(self, submission: Submission, rng: np.random.Generator) -> None:
        """What the model computes with weights of the grader's."""
        model, weights = self.with_random_weights(submission, rng)
        for batch in (1, 6):
            x = rng.normal(size=(batch, 3, 1))
            weights[-1] -= (
                np.median(self.forward(x, weights)) + 0.01
            )  # outputs of both signs: a relu on them shows
            model.set_weights(weights)
            got = model.predict(x)
            require(np.ndim(got) < 3, "sequences")
            mistakes = {
                "no_relu": self.forward(x, weights, ("linear",) * 4),
                "one_relu_missing": self.forward(x, weights, ("relu", "relu", "linear", "linear")),
                "relu_at_the_end": self.forward(x, weights, ("relu",) * 4),
                "tanh": self.forward(x, weights, ("tanh", "tanh", "tanh", "linear")),
            }
            assert_close(got, self.forward(x, weights), rtol=1e-3, atol=1e-4, mistakes=mistakes)

    def check_compiled(self, submission: Submission) -> None:
        """Adam at about its default rate, and the mean squared error."""
        settings = submission.build_model().compiled
        require(settings is not None, "missing")
        require(settings.optimizer == "adam", "optimizer", got=settings.optimizer)
        require(settings.loss == "mse", "loss", got=str(settings.loss))
        low, high = RATES
        require(low * 0.999 <= settings.learning_rate <= high * 1.001, "rate", got=settings.learning_rate)

    def check_predict_next(self, submission: Submission, rng: np.random.Generator) -> None:
        """One number after three, from the model that is passed in."""
        model, weights = self.with_random_weights(submission, rng)
        for kind in (list, tuple, np.array):
            numbers = rng.normal(size=3)
            ask = partial(submission.predict_next, model, kind(numbers))
            got = ask()
            require(np.ndim(got) == 0, "one_number", shape=np.shape(got))
            mistakes = {
                "reversed": self.following(numbers[::-1], weights),
                "one_step_each": self.forward(numbers[:1].reshape(1, 1, 1), weights).item(),
                "always_the_same": self.following([8, 9, 10], weights),
                "other_model": lambda ask=ask, got=got: got if ask() != got else np.nan,
            }
            assert_close(got, self.following(numbers, weights), rtol=1e-3, atol=1e-4, mistakes=mistakes)

    def check_other_windows(self, submission: Submission, rng: np.random.Generator) -> None:
        """As above, for whole numbers."""
        model, weights = self.with_random_weights(submission, rng)
        for _ in range(3):
            window = rng.integers(-3, 4, size=3)
            got = submission.predict_next(model, window.tolist())
            assert_close(got, self.following(window, weights), rtol=1e-3, atol=1e-4)

    def check_trained(self, submission: Submission, rng: np.random.Generator) -> None:
        """The prediction after 8, 9, 10 once the model has taken the lecture's steps."""
        model = submission.build_model()
        untrained = array(submission.predict_next(model, [8, 9, 10]), ())
        model.train_steps(WINDOWS, TARGETS, self.epochs * len(WINDOWS), seed=int(rng.integers(2**31)))
        got = submission.predict_next(model, [8, 9, 10])
        prediction = array(got, ())
        require(abs(prediction - untrained) > 1e-6, "unchanged")
        assert_close(got, self.following([8, 9, 10], model.get_weights()), rtol=1e-3, atol=1e-2)
        low, high = NEAR_11
        require(low < prediction < high, "far", got=float(prediction), low=low, high=high)
