"""A first look at a table: what it holds, and what goes with the label."""

import pandas as pd

TARGET = "satisfaction"
# The questions of the survey, answered from 0 to 5.
RATINGS = [
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
]


def overview(table):
    """Type, missing values and different values of every column.

    열마다 자료형, 결측치의 수, 서로 다른 값의 수를 구합니다.

    Args:
        table: DataFrame with columns of any names; not changed.
            열 이름이 무엇이든 되는 DataFrame. 바꾸지 않음.
    Returns:
        DataFrame with one row for each column of table, in their order and
        with their names as index, and the columns "type" ("number" or
        "text"), "missing" and "distinct" (ints).
        table의 열마다 행이 하나인 DataFrame. 인덱스는 열의 이름(순서도 같음), 열은
        "type"("number" 또는 "text"), "missing"과 "distinct"(정수).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def label_shares(table):
    """How large a share of the rows each label has.

    레이블마다 행의 비율을 구합니다.

    Args:
        table: DataFrame with the column TARGET; not changed.
            열 TARGET이 있는 DataFrame. 바꾸지 않음.
    Returns:
        Series of shares from 0 to 1, the labels as index, in any order.
        0부터 1까지인 비율의 Series. 인덱스는 레이블, 순서는 자유.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def satisfied_share(table, column):
    """How large a share of each category's passengers is satisfied.

    범주마다 만족한 승객의 비율을 구합니다.

    Args:
        table: DataFrame with the columns TARGET and column; not changed.
            열 TARGET과 column이 있는 DataFrame. 바꾸지 않음.
        column: name of a column of text, such as "Class".
            "Class"와 같은, 글자로 된 열의 이름.
    Returns:
        Series of shares from 0 to 1, the categories that occur as index,
        from the highest share to the lowest.
        0부터 1까지인 비율의 Series. 인덱스는 나오는 범주, 비율이 높은 것부터.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def rating_correlations(table):
    """How strongly each rating goes with satisfaction.

    평가 항목마다 만족과의 상관계수를 구합니다.

    Args:
        table: DataFrame with the columns TARGET and RATINGS; not changed.
            열 TARGET과 RATINGS가 있는 DataFrame. 바꾸지 않음.
    Returns:
        Series of correlation coefficients from -1 to 1, RATINGS as index,
        from the highest to the lowest; 0 where there is none.
        -1부터 1까지인 상관계수의 Series. 인덱스는 RATINGS, 높은 것부터. 계수가 없는
        곳은 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
