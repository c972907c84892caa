"""Decision tree: how mixed a group is, what a question is worth, and the best question to ask."""

import numpy as np


def gini(labels):
    """Gini impurity 1 - Σ p², where p is the share of each class.

    지니 불순도 1 - Σ p²를 계산합니다.

    Args:
        labels: class numbers (any integers >= 0), at least one, shape (n,).
            클래스 번호(0 이상의 정수), 하나 이상, 모양 (n,).

    Returns:
        a number in [0, 1): 0 for a pure group.
        [0, 1)의 수. 순수한 집단은 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def entropy(labels):
    """Entropy -Σ p·log2(p) in bits, where p is the share of each class that occurs.

    엔트로피 -Σ p·log2(p)를 비트 단위로 계산합니다.

    Args:
        labels: class numbers (any integers >= 0), at least one, shape (n,).
            클래스 번호(0 이상의 정수), 하나 이상, 모양 (n,).

    Returns:
        a number >= 0 in bits: 0 for a pure group.
        비트 단위의 0 이상의 수. 순수한 집단은 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def information_gain(labels, left):
    """How many bits of entropy a split into left and right takes away.

    왼쪽과 오른쪽으로 나눌 때 줄어드는 엔트로피를 계산합니다.

    Args:
        labels: class numbers, shape (n,).
            클래스 번호, 모양 (n,).
        left: True for the samples that go left, False for those that go right, shape (n,).
            왼쪽으로 가는 샘플은 True, 오른쪽은 False, 모양 (n,).

    Returns:
        the gain in bits, a number >= 0; 0 if one side is empty.
        비트 단위의 이득, 0 이상의 수. 한쪽이 비면 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def best_split(x, labels):
    """Threshold on one feature with the largest information gain; left means x <= threshold.

    정보 이득이 가장 큰 임곗값을 찾습니다. x <= 임곗값이면 왼쪽입니다.

    Args:
        x: values of the feature in any order, shape (n,).
            특성값, 순서는 자유, 모양 (n,).
        labels: class numbers, shape (n,).
            클래스 번호, 모양 (n,).

    Returns:
        (threshold, gain): the midpoint between two neighbouring distinct values and its gain in bits,
        the smallest threshold among equals; (None, 0.0) if no split has a gain above 0.
        이웃한 서로 다른 두 값의 중간값과 비트 단위의 이득. 같으면 가장 작은 임곗값, 이득이
        0보다 큰 분할이 없으면 (None, 0.0).
    """
    # YOUR CODE HERE
    raise NotImplementedError()
