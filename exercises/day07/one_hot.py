"""One-hot encoding: categories, encode, decode."""

import numpy as np


def find_categories(labels):
    """Distinct labels in the order in which they first appear.

    서로 다른 레이블을 처음 나온 순서대로 모읍니다.

    Args:
        labels: list of labels (all str or all int).
            레이블의 리스트(모두 문자열 또는 모두 정수).
    Returns:
        list of distinct labels.
        서로 다른 레이블의 리스트.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def one_hot_encode(labels, categories):
    """Table with a single 1 per row, in the column of the row's label.

    각 행에서 레이블에 해당하는 열만 1인 표를 만듭니다.

    Args:
        labels: list of labels.
            레이블의 리스트.
        categories: list of distinct labels, one per column, in column order.
            서로 다른 레이블의 리스트. 열의 순서대로 열마다 하나.
    Returns:
        array of shape (len(labels), len(categories)) with entries 0 and 1, numbers or booleans.
        0과 1(수 또는 불리언)의 배열, 모양 (len(labels), len(categories)).
    Raises:
        ValueError: a label is not among the categories.
            범주에 없는 레이블이 있을 때.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def one_hot_decode(table, categories):
    """Label of the largest entry in every row.

    각 행에서 가장 큰 값이 있는 열의 레이블을 반환합니다.

    Args:
        table: array of shape (rows, len(categories)): one-hot rows or probabilities.
            원-핫 행 또는 확률의 배열, 모양 (rows, len(categories)).
        categories: list of labels, one per column.
            레이블의 리스트, 열마다 하나.
    Returns:
        list of labels, one per row.
        레이블의 리스트, 행마다 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
