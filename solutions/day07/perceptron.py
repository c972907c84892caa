"""The perceptron: a step unit, logic gates as weights, and the learning rule."""

import numpy as np


def step(z):
    """Step function: 1 where z > 0, otherwise 0.

    계단 함수입니다. z가 0보다 크면 1, 아니면 0입니다.

    Args:
        z: number or array of any shape.
    Returns:
        integers 0 or 1, same shape as z.
    """
    ### BEGIN SOLUTION
    return (np.asarray(z) > 0).astype(int)
    ### END SOLUTION


def predict(x, w, b):
    """Output of the unit for every row: step(x·w + b).

    각 행에 대한 퍼셉트론의 출력을 구합니다.

    Args:
        x: inputs, shape (n, d).
        w: weights, shape (d,).
        b: bias, a number.
    Returns:
        integers 0 or 1, shape (n,).
    """
    ### BEGIN SOLUTION
    return step(x @ w + b)
    ### END SOLUTION


def gate(name):
    """Weights and bias of a unit that computes a logic gate.

    논리 게이트를 계산하는 가중치와 편향을 고릅니다.

    Args:
        name: "AND", "OR" or "NAND".
    Returns:
        (w, b): weights of shape (2,) and the bias, a number.
    Raises:
        ValueError: for any other name, "XOR" included.
    """
    ### BEGIN SOLUTION
    weights = {"AND": ([1, 1], -1.5), "OR": ([1, 1], -0.5), "NAND": ([-1, -1], 1.5)}
    if name not in weights:
        raise ValueError(f"one unit cannot compute {name}")
    return weights[name]
    ### END SOLUTION


def train(x, y, rate=1.0, max_epochs=100):
    """Perceptron learning rule, row by row, until an epoch has no errors.

    오류가 없는 에포크가 나올 때까지 퍼셉트론 학습 규칙을 적용합니다.

    Args:
        x: inputs, shape (n, d).
        y: targets 0 or 1, shape (n,).
        rate: learning rate.
        max_epochs: stop after this many epochs at the latest.
    Returns:
        (w, b, errors): weights of shape (d,), the bias, and a list with the
        number of wrong rows of every epoch run.
    """
    ### BEGIN SOLUTION
    w, b, errors = np.zeros(x.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for row, target in zip(x, y):
            delta = target - step(row @ w + b)
            w = w + rate * delta * row
            b = b + rate * delta
            wrong += abs(int(delta))
        errors.append(wrong)
        if not wrong:
            break
    return w, b, errors
    ### END SOLUTION
