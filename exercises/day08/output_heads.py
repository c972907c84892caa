"""Output layer and compile settings for the four usual tasks."""

from keras import Input, Sequential
from keras.layers import Dense


def regression_model(features):
    """Model that predicts a number.

    수치를 예측하는 회귀 모델을 만듭니다.

    Args:
        features: number of inputs.
            입력의 수.
    Returns:
        compiled model: Dense 8 (relu), then the output layer of a regression.
        컴파일한 모델. Dense 8 (relu) 다음에 회귀의 출력층.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def binary_model(features):
    """Model that predicts the probability of class 1.

    클래스 1일 확률을 예측하는 이진 분류 모델을 만듭니다.

    Args:
        features: number of inputs.
            입력의 수.
    Returns:
        compiled model: Dense 8 (relu), then the output layer of a binary
        classification; labels are 0 or 1.
        컴파일한 모델. Dense 8 (relu) 다음에 이진 분류의 출력층. 레이블은 0 또는 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def one_hot_model(features, classes):
    """Model that predicts the probability of each class; labels are one-hot rows.

    레이블이 원-핫 벡터일 때의 다중 분류 모델을 만듭니다.

    Args:
        features: number of inputs.
            입력의 수.
        classes: number of classes.
            클래스의 수.
    Returns:
        compiled model: Dense 8 (relu), then the output layer of a multi-class
        classification; labels have shape (batch, classes).
        컴파일한 모델. Dense 8 (relu) 다음에 다중 분류의 출력층. 레이블의 모양은 (batch,
        classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def integer_model(features, classes):
    """Model that predicts the probability of each class; labels are integers.

    레이블이 정수일 때의 다중 분류 모델을 만듭니다.

    Args:
        features: number of inputs.
            입력의 수.
        classes: number of classes.
            클래스의 수.
    Returns:
        compiled model: Dense 8 (relu), then the output layer of a multi-class
        classification; labels are integers 0 .. classes - 1, shape (batch,).
        컴파일한 모델. Dense 8 (relu) 다음에 다중 분류의 출력층. 레이블은 정수 0 .. classes
        - 1, 모양 (batch,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()
