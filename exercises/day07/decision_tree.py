"""Decision tree: how mixed a group is, what a question is worth, and the best question to ask."""

import numpy as np


def gini(labels):
    """Gini impurity 1 - Σ p², where p is the share of each class.

    지니 불순도 1 - Σ p²를 계산합니다.

    Args:
        labels: class numbers (any integers >= 0), at least one, shape (n,).

    Returns:
        a number in [0, 1): 0 for a pure group.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def entropy(labels):
    """Entropy -Σ p·log2(p) in bits, where p is the share of each class that occurs.

    엔트로피 -Σ p·log2(p)를 비트 단위로 계산합니다.

    Args:
        labels: class numbers (any integers >= 0), at least one, shape (n,).

    Returns:
        a number >= 0 in bits: 0 for a pure group.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def information_gain(labels, left):
    """How many bits of entropy a split into left and right takes away.

    왼쪽과 오른쪽으로 나눌 때 줄어드는 엔트로피를 계산합니다.

    Args:
        labels: class numbers, shape (n,).
        left: True for the samples that go left, False for those that go right, shape (n,).

    Returns:
        the gain in bits, a number >= 0; 0 if one side is empty.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def best_split(x, labels):
    """Threshold on one feature with the largest information gain; left means x <= threshold.

    정보 이득이 가장 큰 임계값을 찾습니다. x <= 임계값이면 왼쪽입니다.

    Args:
        x: values of the feature in any order, shape (n,).
        labels: class numbers, shape (n,).

    Returns:
        (threshold, gain): the midpoint between two neighbouring distinct values and its gain in bits,
        the smallest threshold among equals; (None, 0.0) if no split has a gain above 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
