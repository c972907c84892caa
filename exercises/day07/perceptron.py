"""The perceptron: a step unit, logic gates as weights, and the learning rule."""

import numpy as np


def step(z):
    """Step function: 1 where z > 0, otherwise 0.

    계단 함수입니다. z가 0보다 크면 1, 아니면 0입니다.

    Args:
        z: number or array of any shape.
            수 또는 배열, 모양은 자유.
    Returns:
        integers 0 or 1, same shape as z.
        정수 0 또는 1, 모양은 z와 같음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def predict(x, w, b):
    """Output of the unit for every row: step(x·w + b).

    각 행에 대한 퍼셉트론의 출력을 구합니다.

    Args:
        x: inputs, shape (n, d).
            입력, 모양 (n, d).
        w: weights, shape (d,).
            가중치, 모양 (d,).
        b: bias, a number.
            편향, 수 하나.
    Returns:
        integers 0 or 1, shape (n,).
        정수 0 또는 1, 모양 (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gate(name):
    """Weights and bias of a unit that computes a logic gate.

    논리 게이트를 계산하는 가중치와 편향을 고릅니다.

    Args:
        name: "AND", "OR" or "NAND".
            "AND", "OR", "NAND" 가운데 하나.
    Returns:
        (w, b): weights of shape (2,) and the bias, a number.
        모양이 (2,)인 가중치와 편향인 수 하나.
    Raises:
        ValueError: for any other name, "XOR" included.
            "XOR"을 포함한 그 밖의 이름일 때.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train(x, y, rate=1.0, max_epochs=100):
    """Perceptron learning rule, row by row, until an epoch has no errors.

    오류가 없는 에포크가 나올 때까지 퍼셉트론 학습 규칙을 적용합니다.

    Args:
        x: inputs, shape (n, d).
            입력, 모양 (n, d).
        y: targets 0 or 1, shape (n,).
            목표값 0 또는 1, 모양 (n,).
        rate: learning rate.
            학습률.
        max_epochs: stop after this many epochs at the latest.
            늦어도 이 에포크에서 멈춤.
    Returns:
        (w, b, errors): weights of shape (d,), the bias, and a list with the
        number of wrong rows of every epoch run.
        모양이 (d,)인 가중치, 편향, 실행한 에포크마다 틀린 행의 수를 담은 리스트.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
