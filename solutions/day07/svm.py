"""Support vector machine: the score, its loss, the margin, and the points that hold it."""

import numpy as np


def decision_function(X, w, b):
    """Score f(x) = w·x + b of every row: its sign is the class, 0 is the boundary.

    각 행의 결정 함수 값 f(x) = w·x + b를 계산합니다.

    Args:
        X: rows to score, shape (n, features).
            점수를 구할 행, 모양 (n, features).
        w: normal vector of the hyperplane, shape (features,).
            초평면의 법선 벡터, 모양 (features,).
        b: bias, a number.
            편향, 수 하나.

    Returns:
        scores, shape (n,).
        점수, 모양 (n,).
    """
    ### BEGIN SOLUTION
    return X @ w + b
    ### END SOLUTION


def hinge_loss(y, scores):
    """Mean hinge loss: 0 from y·f(x) = 1 upwards, growing by 1 for every unit below.

    힌지 손실의 평균을 계산합니다.

    Args:
        y: labels, each -1 or +1, shape (n,).
            레이블, -1 또는 +1, 모양 (n,).
        scores: decision function values, shape (n,).
            결정 함수의 값, 모양 (n,).

    Returns:
        the mean over the n samples, a number >= 0.
        샘플 n개의 평균, 0 이상의 수.
    """
    ### BEGIN SOLUTION
    return np.mean(np.maximum(0, 1 - y * scores))
    ### END SOLUTION


def margin_width(w):
    """Distance between the two margin lines f(x) = -1 and f(x) = +1.

    두 마진 경계 f(x) = -1과 f(x) = +1 사이의 거리를 계산합니다.

    Args:
        w: normal vector of the hyperplane, not all zero, shape (features,).
            초평면의 법선 벡터, 모두 0은 아님, 모양 (features,).

    Returns:
        the width, a number > 0.
        폭, 0보다 큰 수.
    """
    ### BEGIN SOLUTION
    return 2 / np.linalg.norm(w)
    ### END SOLUTION


def support_vectors(X, y, w, b, tol=1e-6):
    """Row numbers of the support vectors: the rows with y·f(x) <= 1 + tol.

    서포트 벡터, 곧 y·f(x) <= 1 + tol인 행의 번호를 구합니다.

    Args:
        X: training rows, shape (n, features).
            훈련 행, 모양 (n, features).
        y: labels, each -1 or +1, shape (n,).
            레이블, -1 또는 +1, 모양 (n,).
        w: normal vector of the hyperplane, shape (features,).
            초평면의 법선 벡터, 모양 (features,).
        b: bias, a number.
            편향, 수 하나.
        tol: room for rounding errors, a number >= 0.
            반올림 오차를 위한 여유, 0 이상의 수.

    Returns:
        integers in ascending order, shape (number of support vectors,).
        오름차순 정수, 모양 (서포트 벡터의 수,).
    """
    ### BEGIN SOLUTION
    margins = y * decision_function(X, w, b)
    return np.flatnonzero(margins <= 1 + tol)
    ### END SOLUTION
