"""One-hot encoding: categories, encode, decode."""

import numpy as np


def find_categories(labels):
    """Distinct labels in the order in which they first appear.

    서로 다른 레이블을 처음 나온 순서대로 모읍니다.

    Args:
        labels: list of labels (all str or all int).
    Returns:
        list of distinct labels.
    """
    ### BEGIN SOLUTION
    return list(dict.fromkeys(labels))
    ### END SOLUTION


def one_hot_encode(labels, categories):
    """Table with a single 1 per row, in the column of the row's label.

    각 행에서 레이블에 해당하는 열만 1인 표를 만듭니다.

    Args:
        labels: list of labels.
        categories: list of distinct labels, one per column, in column order.
    Returns:
        numeric array of shape (len(labels), len(categories)) with entries 0 and 1.
    Raises:
        ValueError: a label is not among the categories.
    """
    ### BEGIN SOLUTION
    columns = {category: column for column, category in enumerate(categories)}
    table = np.zeros((len(labels), len(categories)))
    for row, label in enumerate(labels):
        if label not in columns:
            raise ValueError(f"unseen label: {label!r}")
        table[row, columns[label]] = 1
    return table
    ### END SOLUTION


def one_hot_decode(table, categories):
    """Label of the largest entry in every row.

    각 행에서 가장 큰 값이 있는 열의 레이블을 돌려줍니다.

    Args:
        table: array of shape (rows, len(categories)): one-hot rows or probabilities.
        categories: list of labels, one per column.
    Returns:
        list of labels, one per row.
    """
    ### BEGIN SOLUTION
    return [categories[column] for column in np.argmax(table, axis=1)]
    ### END SOLUTION
