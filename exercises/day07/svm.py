"""Support vector machine: the score, its loss, the margin, and the points that hold it."""

import numpy as np


def decision_function(X, w, b):
    """Score f(x) = w·x + b of every row: its sign is the class, 0 is the boundary.

    각 행의 결정 함수 값 f(x) = w·x + b를 계산합니다.

    Args:
        X: rows to score, shape (n, features).
        w: normal vector of the hyperplane, shape (features,).
        b: bias, a number.

    Returns:
        scores, shape (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def hinge_loss(y, scores):
    """Mean hinge loss: 0 from y·f(x) = 1 upwards, growing by 1 for every unit below.

    힌지 손실의 평균을 계산합니다.

    Args:
        y: labels, each -1 or +1, shape (n,).
        scores: decision function values, shape (n,).

    Returns:
        the mean over the n samples, a number >= 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def margin_width(w):
    """Distance between the two margin lines f(x) = -1 and f(x) = +1.

    두 마진 경계 f(x) = -1과 f(x) = +1 사이의 거리를 계산합니다.

    Args:
        w: normal vector of the hyperplane, not all zero, shape (features,).

    Returns:
        the width, a number > 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def support_vectors(X, y, w, b, tol=1e-6):
    """Row numbers of the support vectors: the rows with y·f(x) <= 1 + tol.

    서포트 벡터, 곧 y·f(x) <= 1 + tol인 행의 번호를 구합니다.

    Args:
        X: training rows, shape (n, features).
        y: labels, each -1 or +1, shape (n,).
        w: normal vector of the hyperplane, shape (features,).
        b: bias, a number.
        tol: room for rounding errors, a number >= 0.

    Returns:
        integers in ascending order, shape (number of support vectors,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()
