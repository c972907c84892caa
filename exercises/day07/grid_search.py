"""Grid search: every combination of hyperparameters, judged by cross-validation."""

import numpy as np


def expand_grid(grid):
    """Every combination of a grid's values, the last name changing fastest.

    그리드의 모든 조합을 만듭니다. 마지막 이름의 값이 가장 빨리 바뀝니다.

    Args:
        grid: dict from a hyperparameter's name to the list of its values.
            하이퍼파라미터의 이름에서 값 리스트로 가는 딕셔너리.

    Returns:
        list of dicts, one per combination; [{}] for the empty grid {}.
        조합마다 하나씩인 딕셔너리의 리스트. 빈 그리드 {}이면 [{}].
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def cross_val_score(evaluate, params, folds):
    """Mean score of one combination over all folds.

    한 조합의 점수를 모든 폴드에 대해 평균합니다.

    Args:
        evaluate: function (params, train, valid) -> score; trains on the rows train, scores on the rows valid.
            함수 (params, train, valid) -> score. train 행으로 학습하고 valid 행으로 점수를
            매김.
        params: one combination, a dict.
            조합 하나, 딕셔너리.
        folds: list of pairs (train, valid) of integer index arrays.
            정수 인덱스 배열의 쌍 (train, valid)의 리스트.

    Returns:
        the mean score, a number; higher is better.
        평균 점수. 높을수록 좋음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def grid_search(evaluate, grid, folds):
    """Combination with the highest mean score; the first one in grid order among equals.

    평균 점수가 가장 높은 조합을 찾습니다. 동점이면 그리드에서 먼저 나온 조합입니다.

    Args:
        evaluate: function (params, train, valid) -> score, higher is better.
            함수 (params, train, valid) -> score. 높을수록 좋음.
        grid: dict from a hyperparameter's name to the list of its values, at least one combination.
            하이퍼파라미터의 이름에서 값 리스트로 가는 딕셔너리. 조합이 하나 이상 있음.
        folds: list of pairs (train, valid) of integer index arrays.
            정수 인덱스 배열의 쌍 (train, valid)의 리스트.

    Returns:
        (best_params, best_score): a dict and its mean score.
        딕셔너리와 그 평균 점수.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
