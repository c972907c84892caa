"""Train/test splits: sizes, shuffled, stratified, and K-fold."""

import math

import numpy as np


def split_sizes(n, test_size):
    """Number of training rows and test rows.

    훈련 행과 테스트 행의 수를 계산합니다.

    Args:
        n: number of rows.
            행의 수.
        test_size: share of the test part, between 0 and 1.
            테스트 부분의 비율, 0과 1 사이.
    Returns:
        (n_train, n_test): two ints that sum to n; n_test is n * test_size rounded up.
        합이 n인 정수 두 개. n_test는 n * test_size를 올림한 수.
    """
    ### BEGIN SOLUTION
    n_test = math.ceil(n * test_size)
    return n - n_test, n_test
    ### END SOLUTION


def shuffle_split(n, test_size, random_state):
    """Random row numbers for training and testing.

    훈련과 테스트에 쓸 행 번호를 무작위로 나눕니다.

    Args:
        n: number of rows.
            행의 수.
        test_size: share of the test part.
            테스트 부분의 비율.
        random_state: integer seed.
            정수 시드.
    Returns:
        (train, test): integer arrays of row numbers from 0 … n - 1.
        0 … n - 1의 행 번호를 담은 정수 배열.
    """
    ### BEGIN SOLUTION
    n_train, _ = split_sizes(n, test_size)
    order = np.random.default_rng(random_state).permutation(n)
    return order[:n_train], order[n_train:]
    ### END SOLUTION


def stratified_split(y, test_size, random_state):
    """Random row numbers for training and testing, with the same class shares in both.

    두 부분의 클래스 비율이 같도록 행 번호를 무작위로 나눕니다.

    Args:
        y: class labels, integer array of shape (n,).
            클래스 레이블, 정수 배열, 모양 (n,).
        test_size: share of the test part.
            테스트 부분의 비율.
        random_state: integer seed.
            정수 시드.
    Returns:
        (train, test): integer arrays of row numbers from 0 … n - 1.
        0 … n - 1의 행 번호를 담은 정수 배열.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(random_state)
    n_test = math.ceil(len(y) * test_size)
    classes, counts = np.unique(y, return_counts=True)
    share = counts * n_test / len(y)
    take = np.floor(share).astype(int)
    take[np.argsort(take - share)[: n_test - take.sum()]] += 1
    chosen = [rng.permutation(np.flatnonzero(y == c))[:m] for c, m in zip(classes, take, strict=True)]
    test = np.concatenate(chosen)
    return np.delete(np.arange(len(y)), test), test
    ### END SOLUTION


def k_fold(n, k):
    """Row numbers of K folds, each the test part once.

    행 번호를 K개의 폴드로 나누어 한 번씩 테스트 부분으로 사용합니다.

    Args:
        n: number of rows.
            행의 수.
        k: number of folds, 2 … n.
            폴드의 수, 2 … n.
    Returns:
        list of k pairs (train, test) of integer arrays.
        정수 배열의 쌍 (train, test) k개의 리스트.
    Raises:
        ValueError: k is below 2 or above n.
            k가 2보다 작거나 n보다 클 때.
    """
    ### BEGIN SOLUTION
    if not 2 <= k <= n:
        raise ValueError("k must lie between 2 and n")
    rows = np.arange(n)
    return [(np.setdiff1d(rows, fold), fold) for fold in np.array_split(rows, k)]
    ### END SOLUTION
