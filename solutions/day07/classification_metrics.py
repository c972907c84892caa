"""Classification metrics: confusion matrix, accuracy, precision, recall, F1 and their means."""

import numpy as np


def confusion_matrix(y_true, y_pred, n_classes):
    """Count how often each true class received each prediction.

    실제 클래스마다 각 클래스로 예측된 횟수를 셉니다.

    Args:
        y_true: true labels, integer array of shape (samples,) with values 0 … n_classes - 1.
            실제 레이블, 0 … n_classes - 1의 정수 배열, 모양 (samples,).
        y_pred: predicted labels, same shape and values.
            예측한 레이블, 모양과 값의 범위는 같음.
        n_classes: number of classes.
            클래스의 수.
    Returns:
        counts, shape (n_classes, n_classes): row = true class, column = predicted class.
        횟수, 모양 (n_classes, n_classes). 행은 실제 클래스, 열은 예측한 클래스.
    """
    ### BEGIN SOLUTION
    classes = range(n_classes)
    return np.array([[np.sum((y_true == t) & (y_pred == p)) for p in classes] for t in classes])
    ### END SOLUTION


def accuracy(matrix):
    """Share of all samples that were predicted correctly.

    전체 샘플 중 맞게 예측한 비율을 계산합니다.

    Args:
        matrix: confusion matrix, shape (n_classes, n_classes).
            혼동 행렬, 모양 (n_classes, n_classes).
    Returns:
        a float between 0 and 1.
        0과 1 사이의 실수.
    """
    ### BEGIN SOLUTION
    return np.trace(matrix) / np.sum(matrix)
    ### END SOLUTION


def class_report(matrix):
    """Precision, recall, F1 and support of every class.

    클래스마다 정밀도, 재현율, F1 점수, 지지도를 계산합니다.

    Args:
        matrix: confusion matrix, shape (n_classes, n_classes).
            혼동 행렬, 모양 (n_classes, n_classes).
    Returns:
        float array of shape (n_classes, 4) with the columns precision, recall, F1, support.
        A score whose denominator is 0 is 0.
        실수 배열, 모양 (n_classes, 4). 열은 정밀도, 재현율, F1, 지지도이며 분모가 0인
        점수는 0.
    """
    ### BEGIN SOLUTION
    correct = np.diag(matrix)
    predicted, support = matrix.sum(axis=0), matrix.sum(axis=1)
    precision = correct / np.maximum(predicted, 1)
    recall = correct / np.maximum(support, 1)
    f1 = correct / np.maximum((predicted + support) / 2, 1)
    return np.column_stack([precision, recall, f1, support])
    ### END SOLUTION


def averages(matrix):
    """Macro and weighted means of precision, recall and F1 over the classes.

    정밀도, 재현율, F1 점수의 매크로 평균과 가중 평균을 계산합니다.

    Args:
        matrix: confusion matrix, shape (n_classes, n_classes).
            혼동 행렬, 모양 (n_classes, n_classes).
    Returns:
        (macro, weighted): two arrays of shape (3,), in the order precision, recall, F1.
        모양이 (3,)인 배열 두 개. 순서는 정밀도, 재현율, F1.
    """
    ### BEGIN SOLUTION
    report = class_report(matrix)
    scores, support = report[:, :3], report[:, 3]
    return scores.mean(axis=0), support @ scores / support.sum()
    ### END SOLUTION
