"""Training with early stopping and a checkpoint."""

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint


def train(model, X_train, y_train, X_val, y_val, path, epochs=100):
    """Train until the validation loss stops falling; the best weights stay, in the model and in a file.

    검증 손실이 더 줄지 않을 때까지 학습하고, 가장 좋은 가중치를 모델과 파일에 남깁니다.

    Args:
        model: compiled Keras model.
            컴파일한 Keras 모델.
        X_train, X_val: float arrays, shapes (n, features) and (m, features).
            실수 배열, 모양 (n, features)와 (m, features).
        y_train, y_val: labels 0 and 1, shapes (n,) and (m,).
            레이블 0과 1, 모양 (n,)과 (m,).
        path: name of the checkpoint file, such as "best_model.keras".
            "best_model.keras"와 같은 체크포인트 파일의 이름.
        epochs: how many epochs at most.
            에포크의 최대 횟수.
    Returns:
        what model.fit returns: the history of loss, accuracy, val_loss and
        val_accuracy.
        model.fit이 반환하는 것, 곧 loss, accuracy, val_loss, val_accuracy의 이력.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def best_epoch(history):
    """The epoch whose weights were kept, and the validation accuracy it had.

    가중치가 남은 에포크와 그때의 검증 정확도를 구합니다.

    Args:
        history: dict of lists with one number an epoch, with the keys
            "val_loss" and "val_accuracy".
            키 "val_loss"와 "val_accuracy"에 에포크마다 수 하나씩인 리스트가 든 딕셔너리.
    Returns:
        (epoch, val_accuracy): an int counted from 1, and a float.
        1부터 센 정수와 실수 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
