"""One step of SGD, momentum, RMSprop and Adam as pure functions."""

import numpy as np


def sgd(w, g, rate):
    """One step of plain gradient descent.

    확률적 경사하강법을 한 번 적용합니다.

    Args:
        w: weights, any shape.
        g: gradient of the loss at w, same shape.
        rate: learning rate.
    Returns:
        the new weights.
    """
    ### BEGIN SOLUTION
    return w - rate * g
    ### END SOLUTION


def momentum(w, g, v, rate, beta=0.9):
    """One step of SGD with momentum.

    모멘텀을 한 번 적용합니다.

    Args:
        w, g: weights and gradient, same shape.
        v: velocity after the last step (zeros before the first), same shape.
        rate: learning rate.
        beta: share of the velocity that is kept.
    Returns:
        (w, v): new weights and new velocity.
    """
    ### BEGIN SOLUTION
    v = beta * v - rate * g
    return w + v, v
    ### END SOLUTION


def rmsprop(w, g, s, rate, rho=0.9, epsilon=1e-7):
    """One step of RMSprop, with epsilon under the root.

    RMSprop을 한 번 적용합니다. 엡실론은 제곱근 안에 있습니다.

    Args:
        w, g: weights and gradient, same shape.
        s: running mean of squared gradients (zeros before the first step), same shape.
        rate: learning rate.
        rho: share of s that is kept.
        epsilon: small number against division by zero.
    Returns:
        (w, s): new weights and new running mean.
    """
    ### BEGIN SOLUTION
    s = rho * s + (1 - rho) * g**2
    return w - rate * g / np.sqrt(s + epsilon), s
    ### END SOLUTION


def adam(w, g, m, v, t, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """One step of Adam with bias correction, epsilon as in Keras.

    편향 보정을 포함한 Adam을 한 번 적용합니다. 엡실론의 위치는 케라스와 같습니다.

    Args:
        w, g: weights and gradient, same shape.
        m: running mean of gradients (zeros before the first step), same shape.
        v: running mean of squared gradients (zeros before the first step), same shape.
        t: number of steps taken before this one, 0 at first.
        rate: learning rate.
        beta_1: share of m that is kept.
        beta_2: share of v that is kept.
        epsilon: small number against division by zero.
    Returns:
        (w, m, v, t): new weights, both new means, and the number of steps taken now.
    """
    ### BEGIN SOLUTION
    t = t + 1
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    corrected = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - corrected * m / (np.sqrt(v) + epsilon), m, v, t
    ### END SOLUTION
