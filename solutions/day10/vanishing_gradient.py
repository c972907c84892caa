"""The size of a gradient that goes back through time, and clipping by norm."""

import numpy as np


def linear_gradient(w, steps):
    """Gradient ∂h_n/∂h_0 = wⁿ of the linear unit h_t = w·h_{t-1} + x_t.

    선형 유닛 h_t = w·h_{t-1} + x_t에서 n시점 뒤의 기울기를 구합니다.

    Args:
        w: recurrent weight, a number.
            순환 가중치, 수 하나.
        steps: n, an int, at least 0.
            n, 0 이상의 정수.
    Returns:
        the gradient, a number.
        기울기, 수 하나.
    """
    ### BEGIN SOLUTION
    return w**steps
    ### END SOLUTION


def tanh_gradients(xs, w_x, w_h, b):
    """Gradients ∂h_t/∂h_0 of a tanh unit after every step, starting from h_0 = 0.

    tanh 유닛에서 h_0 = 0부터 시점마다 기울기 ∂h_t/∂h_0을 구합니다.

    Args:
        xs: inputs x_1, x_2, …, shape (timesteps,).
            입력 x_1, x_2, …, 모양 (timesteps,).
        w_x, w_h, b: weight of the input, weight of the state, bias: numbers.
            입력의 가중치, 상태의 가중치, 편향. 모두 수.
    Returns:
        the gradients for t = 1, 2, …, shape (timesteps,).
        t = 1, 2, …의 기울기, 모양 (timesteps,).
    """
    ### BEGIN SOLUTION
    h, gradient = 0.0, 1.0
    gradients = []
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
        gradient = gradient * w_h * (1 - h**2)
        gradients.append(gradient)
    return np.array(gradients)
    ### END SOLUTION


def gradient_norms(xs, W_x, W_h, b):
    """Spectral norms of ∂h_t/∂h_0 of a SimpleRNN after every step, starting from h_0 = 0.

    SimpleRNN에서 h_0 = 0부터 시점마다 ∂h_t/∂h_0의 스펙트럼 노름을 구합니다.

    Args:
        xs: inputs, shape (timesteps, features).
            입력, 모양 (timesteps, features).
        W_x: weights of the input, shape (features, units).
            입력의 가중치, 모양 (features, units).
        W_h: weights of the state, shape (units, units).
            상태의 가중치, 모양 (units, units).
        b: bias, shape (units,).
            편향, 모양 (units,).
    Returns:
        the norms for t = 1, 2, …, shape (timesteps,).
        t = 1, 2, …의 노름, 모양 (timesteps,).
    """
    ### BEGIN SOLUTION
    h, jacobian = np.zeros(len(b)), np.eye(len(b))
    norms = []
    for x in xs:
        h = np.tanh(x @ W_x + h @ W_h + b)
        jacobian = (1 - h**2)[:, None] * W_h.T @ jacobian
        norms.append(np.linalg.norm(jacobian, 2))
    return np.array(norms)
    ### END SOLUTION


def clip_by_global_norm(gradients, max_norm):
    """Scale all gradients by one factor so that their joint norm is at most max_norm.

    모든 기울기에 같은 수를 곱하여 전체 노름이 max_norm을 넘지 않게 합니다.

    Args:
        gradients: list of arrays, of any shapes.
            배열의 리스트, 모양은 저마다 다를 수 있음.
        max_norm: the limit, a positive number.
            한계, 양수.
    Returns:
        list of the clipped arrays, in the same order and shapes.
        클리핑한 배열의 리스트, 순서와 모양은 그대로.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * (max_norm / max(norm, max_norm)) for gradient in gradients]
    ### END SOLUTION
