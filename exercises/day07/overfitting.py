"""Overfitting: the gap between the curves, early stopping, diagnosis."""

import numpy as np


def generalization_gap(train_losses, val_losses):
    """Validation loss minus training loss, epoch by epoch.

    에포크마다 검증 손실에서 훈련 손실을 뺀 값을 계산합니다.

    Args:
        train_losses: training loss of each epoch, float array of shape (epochs,).
            에포크마다의 훈련 손실, 실수 배열, 모양 (epochs,).
        val_losses: validation loss of each epoch, shape (epochs,).
            에포크마다의 검증 손실, 모양 (epochs,).
    Returns:
        float array of shape (epochs,).
        실수 배열, 모양 (epochs,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def early_stopping(val_losses, patience, min_delta=0.0):
    """Best epoch and the epoch after which training stops, both counted from 1.

    가장 좋은 에포크와 학습이 멈추는 에포크를 1부터 세어 구합니다.

    Args:
        val_losses: validation loss of each epoch, shape (epochs,), at least one.
            에포크마다의 검증 손실, 모양 (epochs,), 하나 이상.
        patience: stop after this many epochs in a row without improvement, at least 1.
            개선 없는 에포크가 잇달아 몇 번이면 멈출지, 1 이상.
        min_delta: only a loss lower than the best one by more than this is an improvement.
            가장 좋은 손실보다 이만큼을 넘게 낮아야 개선.
    Returns:
        (best_epoch, stop_epoch): two ints from 1 … epochs.
        1 … epochs의 정수 두 개.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def diagnose(train_losses, val_losses, target, max_gap):
    """Name the state of the model after the last epoch.

    마지막 에포크가 끝난 모델의 상태를 진단합니다.

    Args:
        train_losses: training loss of each epoch, shape (epochs,).
            에포크마다의 훈련 손실, 모양 (epochs,).
        val_losses: validation loss of each epoch, shape (epochs,).
            에포크마다의 검증 손실, 모양 (epochs,).
        target: the highest training loss that counts as learned.
            배웠다고 볼 수 있는 가장 큰 훈련 손실.
        max_gap: the largest gap that counts as generalizing.
            일반화했다고 볼 수 있는 가장 큰 차이.
    Returns:
        "underfitting", "overfitting" or "good fit".
        "underfitting", "overfitting", "good fit" 가운데 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
