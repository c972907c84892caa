"""Judging a classifier on rows it has never seen."""

import numpy as np


def fit_predict(model, train, X_train, y_train, X_val, y_val, X_test):
    """Train on the training rows, stop by the validation rows, predict the test rows.

    훈련 행으로 학습하고 검증 행으로 멈춘 다음 테스트 행의 확률을 예측합니다.

    Args:
        model: compiled Keras model, not trained yet.
            아직 학습하지 않은, 컴파일한 Keras 모델.
        train: function to call as train(model, X_train, y_train, X_val, y_val).
            train(model, X_train, y_train, X_val, y_val)로 부를 함수.
        X_train, X_val, X_test: scaled features, shapes (n, 25), (m, 25), (k, 25).
            스케일링한 특성, 모양 (n, 25), (m, 25), (k, 25).
        y_train, y_val: labels 0 and 1, shapes (n,) and (m,).
            레이블 0과 1, 모양 (n,)과 (m,).
    Returns:
        probability that each test passenger is satisfied, shape (k,).
        테스트 승객이 저마다 만족할 확률, 모양 (k,).
    """
    ### BEGIN SOLUTION
    train(model, X_train, y_train, X_val, y_val)
    return model.predict(X_test, verbose=0)[:, 0]
    ### END SOLUTION


def predict_class(probabilities, threshold=0.5):
    """1 where the probability lies above the threshold, else 0.

    확률이 임곗값보다 크면 1, 아니면 0으로 바꿉니다.

    Args:
        probabilities: numbers from 0 to 1, shape (n,) or (n, 1).
            0부터 1까지의 수, 모양 (n,) 또는 (n, 1).
        threshold: number between 0 and 1.
            0과 1 사이의 수.
    Returns:
        ints 0 and 1, shape (n,).
        정수 0과 1, 모양 (n,).
    """
    ### BEGIN SOLUTION
    return (np.ravel(probabilities) > threshold).astype(int)
    ### END SOLUTION


def confusion_matrix(y_true, y_pred):
    """How often each true class was taken for each class.

    실제 클래스마다 각 클래스로 예측된 횟수를 셉니다.

    Args:
        y_true, y_pred: labels 0 and 1, shape (n,).
            레이블 0과 1, 모양 (n,).
    Returns:
        ints, shape (2, 2): row = true class, column = predicted class.
        정수, 모양 (2, 2). 행은 실제 클래스, 열은 예측한 클래스.
    """
    ### BEGIN SOLUTION
    return np.array([[np.sum((y_true == t) & (y_pred == p)) for p in (0, 1)] for t in (0, 1)])
    ### END SOLUTION


def classification_report(y_true, y_pred):
    """Precision, recall, F1 score and support of both classes, accuracy, and the means.

    두 클래스의 정밀도, 재현율, F1 점수, 지지도와 정확도, 평균을 구합니다.

    Args:
        y_true, y_pred: labels 0 and 1, shape (n,), at least one row.
            레이블 0과 1, 모양 (n,), 한 행 이상.
    Returns:
        dict with the keys "dissatisfied", "satisfied", "macro avg" and
        "weighted avg", each a dict with "precision", "recall", "f1-score" and
        "support", and "accuracy", a float.
        키가 "dissatisfied", "satisfied", "macro avg", "weighted avg", "accuracy"인
        딕셔너리. 앞의 넷은 "precision", "recall", "f1-score", "support"의 딕셔너리,
        "accuracy"는 실수.
    """
    ### BEGIN SOLUTION
    matrix = confusion_matrix(y_true, y_pred)
    correct, support, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    n = support.sum()
    precision = correct / np.maximum(predicted, 1)
    recall = correct / np.maximum(support, 1)
    f1 = correct / np.maximum((predicted + support) / 2, 1)
    scores = np.column_stack([precision, recall, f1])

    def row(values, count):
        return dict(zip(["precision", "recall", "f1-score", "support"], [*values, count]))

    return {
        "dissatisfied": row(scores[0], support[0]),
        "satisfied": row(scores[1], support[1]),
        "accuracy": correct.sum() / n,
        "macro avg": row(scores.mean(axis=0), n),
        "weighted avg": row(support @ scores / n, n),
    }
    ### END SOLUTION
