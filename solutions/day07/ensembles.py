"""Ensembles: bagging, voting and one round of boosting."""

import numpy as np


def bootstrap_sample(X, y, rng):
    """Draw as many rows as there are, with replacement, keeping each row's label.

    행 수만큼 복원추출합니다. 각 행은 자기 레이블과 함께 뽑힙니다.

    Args:
        X: rows, shape (n, features).
            행, 모양 (n, features).
        y: their labels, shape (n,).
            행의 레이블, 모양 (n,).
        rng: np.random.Generator, the only source of chance.
            np.random.Generator. 난수는 여기서만 얻음.

    Returns:
        (X_boot, y_boot) with the shapes of X and y.
        X와 y의 모양 그대로.
    """
    ### BEGIN SOLUTION
    rows = rng.integers(len(X), size=len(X))
    return X[rows], y[rows]
    ### END SOLUTION


def bagged_mean(predictions):
    """Prediction of a bagged regressor: the mean over its models.

    배깅 회귀 모델의 예측, 곧 모델들의 평균을 계산합니다.

    Args:
        predictions: one row per model, shape (models, samples).
            모델마다 한 행, 모양 (models, samples).

    Returns:
        shape (samples,).
        모양 (samples,).
    """
    ### BEGIN SOLUTION
    return np.mean(predictions, axis=0)
    ### END SOLUTION


def vote(probabilities, voting):
    """Class chosen for each sample by hard or soft voting; the smaller class number wins a tie.

    하드 또는 소프트 투표로 샘플마다 클래스를 정합니다. 동점이면 작은 번호가 이깁니다.

    Args:
        probabilities: each model's class probabilities, shape (models, samples, classes).
            모델별 클래스 확률, 모양 (models, samples, classes).
        voting: "hard" (every model casts one vote) or "soft" (the probabilities are averaged).
            "hard"(모델마다 한 표) 또는 "soft"(확률의 평균).

    Returns:
        class numbers, integers, shape (samples,).
        클래스 번호의 정수, 모양 (samples,).
    """
    ### BEGIN SOLUTION
    ballots = probabilities
    if voting == "hard":
        ballots = np.eye(probabilities.shape[2])[probabilities.argmax(axis=2)]
    return ballots.sum(axis=0).argmax(axis=1)
    ### END SOLUTION


def adaboost_round(y, predictions, weights):
    """One AdaBoost round: the weak learner's weighted error, its say, and the next sample weights.

    AdaBoost 한 라운드: 가중 오류율, 약한 학습기의 발언권, 다음 샘플 가중치를 계산합니다.

    Args:
        y: labels, each -1 or +1, shape (n,).
            레이블, -1 또는 +1, 모양 (n,).
        predictions: the weak learner's answers, each -1 or +1, some right and some wrong, shape (n,).
            약한 학습기의 답, -1 또는 +1, 맞힌 것과 틀린 것이 모두 있음, 모양 (n,).
        weights: sample weights, positive, summing to 1, shape (n,).
            샘플 가중치, 양수이고 합은 1, 모양 (n,).

    Returns:
        (error, alpha, new_weights): a number in (0, 1), a number, and weights of shape (n,) summing to 1.
        (0, 1)의 수, 수 하나, 합이 1이고 모양이 (n,)인 가중치.
    """
    ### BEGIN SOLUTION
    error = np.sum(weights[predictions != y])
    alpha = np.log((1 - error) / error) / 2
    new_weights = weights * np.exp(-alpha * y * predictions)
    return error, alpha, new_weights / np.sum(new_weights)
    ### END SOLUTION
