"""From the passengers' table to numbers a network can learn from."""

import math

import numpy as np
import pandas as pd

DELAY = "Arrival Delay in Minutes"
# The features in the order in which the network takes them.
FEATURES = [
    "Age",
    "Class",
    "Flight Distance",
    "Seat comfort",
    "Departure/Arrival time convenient",
    "Food and drink",
    "Gate location",
    "Inflight wifi service",
    "Inflight entertainment",
    "Online support",
    "Ease of Online booking",
    "On-board service",
    "Leg room service",
    "Baggage handling",
    "Checkin service",
    "Cleanliness",
    "Online boarding",
    "Departure Delay in Minutes",
    "Arrival Delay in Minutes",
    "Gender_Female",
    "Gender_Male",
    "Customer Type_Loyal Customer",
    "Customer Type_disloyal Customer",
    "Type of Travel_Business travel",
    "Type of Travel_Personal Travel",
]


def impute_delay(table, fitted_on):
    """Put a mean in the place of missing arrival delays.

    도착 지연 시간의 결측치를 평균으로 채웁니다.

    Args:
        table: DataFrame with the column DELAY; not changed.
            열 DELAY가 있는 DataFrame. 바꾸지 않음.
        fitted_on: DataFrame whose known delays are averaged.
            알려진 지연 시간의 평균을 구할 DataFrame.
    Returns:
        a copy of table without missing delays. Where fitted_on knows no delay,
        they become 0.
        지연 시간에 결측치가 없는 table의 복사본. fitted_on에 알려진 값이 없으면 0으로 채움.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def encode(table):
    """The 25 features and the label of every row as numbers.

    행마다 특성 25개와 레이블을 수로 바꿉니다.

    Args:
        table: DataFrame with the 23 columns in any order; not changed.
            열 23개가 어떤 순서로든 있는 DataFrame. 바꾸지 않음.
    Returns:
        (X, y): DataFrame with the columns FEATURES, and Series of 0
        (dissatisfied) and 1 (satisfied), rows and index as in table.
        열이 FEATURES인 DataFrame과, 0(불만족)과 1(만족)의 Series. 행과 인덱스는 table과
        같음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def split(X, y, random_state):
    """Training, validation and test rows, each with the same share of satisfied passengers.

    만족한 승객의 비율이 같도록 훈련, 검증, 테스트 행으로 나눕니다.

    Args:
        X: DataFrame of features, shape (rows, columns).
            특성의 DataFrame, 모양 (rows, columns).
        y: Series of labels 0 and 1, shape (rows,).
            레이블 0과 1의 Series, 모양 (rows,).
        random_state: integer seed.
            정수 시드.
    Returns:
        (X_train, X_val, X_test, y_train, y_val, y_test)
        훈련, 검증, 테스트의 특성, 그리고 레이블.
    """

    # YOUR CODE HERE
    raise NotImplementedError()


def min_max_scale(X, fitted_on):
    """Bring every column to 0 … 1 by the minimum and maximum it has in fitted_on.

    fitted_on에서 구한 열마다의 최솟값과 최댓값으로 0과 1 사이로 바꿉니다.

    Args:
        X: DataFrame of numbers, shape (rows, columns).
            수의 DataFrame, 모양 (rows, columns).
        fitted_on: DataFrame with the same columns, the training rows.
            열이 같은 DataFrame, 훈련 행.
    Returns:
        float array of shape (rows, columns). A column that is constant in
        fitted_on is not divided, only its minimum is subtracted.
        실수 배열, 모양 (rows, columns). fitted_on에서 값이 모두 같은 열은 나누지 않고
        최솟값만 뺌.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
