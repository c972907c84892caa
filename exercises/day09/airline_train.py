"""Training with early stopping and a checkpoint."""

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint


def train(model, X_train, y_train, X_val, y_val, path, epochs=100):
    """Train until the validation loss stops falling; the best weights stay, in the model and in a file.

    검증 손실이 더 줄지 않을 때까지 학습하고, 가장 좋은 가중치를 모델과 파일에 남깁니다.

    Args:
        model: compiled Keras model.
        X_train, X_val: float arrays, shapes (n, features) and (m, features).
        y_train, y_val: labels 0 and 1, shapes (n,) and (m,).
        path: name of the checkpoint file, such as "best_model.keras".
        epochs: how many epochs at most.
    Returns:
        what model.fit returns: the history of loss, accuracy, val_loss and
        val_accuracy.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def best_epoch(history):
    """The epoch whose weights were kept, and the validation accuracy it had.

    가중치가 남은 에포크와 그때의 검증 정확도를 구합니다.

    Args:
        history: dict of lists with one number an epoch, with the keys
            "val_loss" and "val_accuracy".
    Returns:
        (epoch, val_accuracy): an int counted from 1, and a float.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
