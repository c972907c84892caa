"""Linear regression: least squares in closed form, prediction, R² score."""

import numpy as np


def least_squares(X, y):
    """Weights and intercept of the plane with the smallest sum of squared residuals.

    잔차 제곱합이 가장 작은 가중치와 절편을 구합니다.

    Args:
        X: features, float array of shape (samples, features).
            특성, 실수 배열, 모양 (samples, features).
        y: targets, float array of shape (samples,).
            목표값, 실수 배열, 모양 (samples,).
    Returns:
        (w, b): w of shape (features,), b a single number.
        w의 모양은 (features,), b는 수 하나.
    """
    ### BEGIN SOLUTION
    design = np.column_stack([X, np.ones(len(X))])
    coefficients = np.linalg.solve(design.T @ design, design.T @ y)
    return coefficients[:-1], coefficients[-1]
    ### END SOLUTION


def predict(X, w, b):
    """Prediction Xw + b for every row of X.

    X의 각 행에 대한 예측값 Xw + b를 계산합니다.

    Args:
        X: features, shape (samples, features).
            특성, 모양 (samples, features).
        w: weights, shape (features,).
            가중치, 모양 (features,).
        b: intercept, a number.
            절편, 수 하나.
    Returns:
        shape (samples,).
        모양 (samples,).
    """
    ### BEGIN SOLUTION
    return X @ w + b
    ### END SOLUTION


def r2_score(y_true, y_pred):
    """Coefficient of determination R² = 1 - SS_res / SS_tot.

    결정계수 R² = 1 - SS_res / SS_tot를 계산합니다.

    Args:
        y_true: true values, shape (samples,).
            실제값, 모양 (samples,).
        y_pred: predicted values, shape (samples,).
            예측값, 모양 (samples,).
    Returns:
        a float, at most 1. If all true values are equal: 1.0 for a perfect prediction, else 0.0.
        1 이하의 실수. 실제값이 모두 같으면 정확한 예측은 1.0, 아니면 0.0.
    """
    ### BEGIN SOLUTION
    residual = np.sum((y_true - y_pred) ** 2)
    if np.ptp(y_true) == 0:  # the mean of equal values may be rounded, and the total then just above 0
        return 1.0 if residual == 0 else 0.0
    return 1 - residual / np.sum((y_true - np.mean(y_true)) ** 2)
    ### END SOLUTION
