"""Learning curves: the history of a training as a picture, and what it says."""

import matplotlib.pyplot as plt
import numpy as np


def turning_point(history):
    """Where the validation loss is lowest, and how far it has risen by the end.

    검증 손실이 가장 낮은 에포크와, 그 뒤 마지막까지 손실이 오른 만큼을 구합니다.

    Args:
        history: dict of lists with one number an epoch, with the keys
            "accuracy", "val_accuracy", "loss" and "val_loss"; at least two
            epochs.
            키 "accuracy", "val_accuracy", "loss", "val_loss"에 에포크마다 수 하나씩인
            리스트가 든 딕셔너리. 에포크는 둘 이상.
    Returns:
        (epoch, rise): an int counted from 1, and a float, 0 or more.
        1부터 센 정수와, 0 이상인 실수.
    """
    ### BEGIN SOLUTION
    losses = history["val_loss"]
    best = int(np.argmin(losses))
    return best + 1, losses[-1] - losses[best]
    ### END SOLUTION


def plot_curves(history):
    """Accuracy and loss over the epochs, each for the training and the validation rows.

    훈련 행과 검증 행의 정확도와 손실을 에포크에 따라 그립니다.

    Args:
        history: as for turning_point.
            turning_point와 같음.
    Returns:
        Matplotlib figure with two axes: accuracy, then loss.
        축이 정확도, 손실의 순서로 둘인 Matplotlib 그림.
    """
    ### BEGIN SOLUTION
    epochs = range(1, len(history["loss"]) + 1)
    stop, _ = turning_point(history)
    figure, axes = plt.subplots(1, 2, figsize=(10, 4))
    for ax, name in zip(axes, ["accuracy", "loss"]):
        ax.plot(epochs, history[name], label="Train")
        ax.plot(epochs, history[f"val_{name}"], label="Validation")
        ax.axvline(stop, color="gray", linestyle=":")
        ax.set_title(f"Model {name.title()}")
        ax.set_xlabel("Epoch")
        ax.set_ylabel(name.title())
        ax.legend()
    return figure
    ### END SOLUTION
