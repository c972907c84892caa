"""An artificial neuron, and a dense layer of them on a batch."""

import numpy as np


def weighted_sum(x, w, b):
    """Weighted sum of one neuron: z = x·w + b.

    뉴런 하나의 가중합(입력과 가중치의 곱의 합에 편향을 더한 값)을 구합니다.

    Args:
        x: inputs, shape (features,).
            입력, 모양 (features,).
        w: weights, shape (features,).
            가중치, 모양 (features,).
        b: bias, a number.
            편향, 수 하나.
    Returns:
        z, a number.
        z, 수 하나.
    """
    ### BEGIN SOLUTION
    return np.sum(x * w) + b
    ### END SOLUTION


def neuron(x, w, b, activation=None):
    """Output of one neuron: a = activation(z).

    뉴런 하나의 출력을 구합니다.

    Args:
        x: inputs, shape (features,).
            입력, 모양 (features,).
        w: weights, shape (features,).
            가중치, 모양 (features,).
        b: bias, a number.
            편향, 수 하나.
        activation: function applied to z; None leaves z as it is.
            z에 적용할 함수. None이면 z 그대로.
    Returns:
        a, a number.
        a, 수 하나.
    """
    ### BEGIN SOLUTION
    z = weighted_sum(x, w, b)
    return z if activation is None else activation(z)
    ### END SOLUTION


def dense(X, W, b, activation=None):
    """Outputs of a dense layer for every row of a batch: A = activation(X·W + b).

    배치의 모든 행에 대해 밀집층의 출력을 구합니다.

    Args:
        X: inputs, shape (batch, features).
            입력, 모양 (batch, features).
        W: weights, shape (features, units); column j belongs to unit j.
            가중치, 모양 (features, units). j번째 열이 유닛 j의 가중치.
        b: biases, shape (units,).
            편향, 모양 (units,).
        activation: function of an array, applied to all of Z at once or row by
            row; None leaves Z as it is.
            배열을 받는 함수, Z 전체나 행마다 적용. None이면 Z 그대로.
    Returns:
        A, shape (batch, units).
        A, 모양 (batch, units).
    """
    ### BEGIN SOLUTION
    Z = X @ W + b
    return Z if activation is None else activation(Z)
    ### END SOLUTION
