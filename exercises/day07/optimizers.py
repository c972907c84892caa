"""One step of SGD, momentum, RMSprop and Adam as pure functions."""

import numpy as np


def sgd(w, g, rate):
    """One step of plain gradient descent.

    확률적 경사하강법을 한 번 적용합니다.

    Args:
        w: weights, any shape.
            가중치, 모양은 자유.
        g: gradient of the loss at w, same shape.
            w에서 구한 손실의 기울기, 모양은 같음.
        rate: learning rate.
            학습률.
    Returns:
        the new weights.
        새 가중치.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def momentum(w, g, v, rate, beta=0.9):
    """One step of SGD with momentum.

    모멘텀을 한 번 적용합니다.

    Args:
        w, g: weights and gradient, same shape.
            가중치와 기울기, 모양은 서로 같음.
        v: velocity after the last step (zeros before the first), same shape.
            지난 스텝의 속도(처음에는 0), 모양은 같음.
        rate: learning rate.
            학습률.
        beta: share of the velocity that is kept.
            남기는 속도의 비율.
    Returns:
        (w, v): new weights and new velocity.
        새 가중치와 새 속도.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def rmsprop(w, g, s, rate, rho=0.9, epsilon=1e-7):
    """One step of RMSprop, with epsilon under the root.

    RMSprop을 한 번 적용합니다. 엡실론은 제곱근 안에 있습니다.

    Args:
        w, g: weights and gradient, same shape.
            가중치와 기울기, 모양은 서로 같음.
        s: running mean of squared gradients (zeros before the first step), same shape.
            기울기 제곱의 이동 평균(처음에는 0), 모양은 같음.
        rate: learning rate.
            학습률.
        rho: share of s that is kept.
            남기는 s의 비율.
        epsilon: small number against division by zero.
            0으로 나누지 않게 하는 작은 수.
    Returns:
        (w, s): new weights and new running mean.
        새 가중치와 새 이동 평균.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def adam(w, g, m, v, t, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """One step of Adam with bias correction, epsilon as in Keras.

    편향 보정을 포함한 Adam을 한 번 적용합니다. 엡실론의 위치는 Keras와 같습니다.

    Args:
        w, g: weights and gradient, same shape.
            가중치와 기울기, 모양은 서로 같음.
        m: running mean of gradients (zeros before the first step), same shape.
            기울기의 이동 평균(처음에는 0), 모양은 같음.
        v: running mean of squared gradients (zeros before the first step), same shape.
            기울기 제곱의 이동 평균(처음에는 0), 모양은 같음.
        t: number of steps taken before this one, 0 at first.
            지금까지의 스텝 수, 처음에는 0.
        rate: learning rate.
            학습률.
        beta_1: share of m that is kept.
            남기는 m의 비율.
        beta_2: share of v that is kept.
            남기는 v의 비율.
        epsilon: small number against division by zero.
            0으로 나누지 않게 하는 작은 수.
    Returns:
        (w, m, v, t): new weights, both new means, and the number of steps taken now.
        새 가중치, 새 평균 두 개, 지금까지의 스텝 수.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
