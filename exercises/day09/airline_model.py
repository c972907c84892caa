"""A network for the airline table."""

from keras import Input, Sequential
from keras.layers import Dense, Dropout


def build_model():
    """The compiled network: 25 features to the probability that a passenger is satisfied.

    특성 25개로 만족할 확률을 예측하는 신경망을 만들고 컴파일합니다.

    Returns:
        Keras model, (n, 25) to (n, 1), 21,633 parameters, compiled for labels
        0 and 1 with adam and the metric accuracy.
        Keras 모델, (n, 25)에서 (n, 1)로, 매개변수 21,633개. 레이블 0과 1에 맞게 adam과 평가
        지표 accuracy로 컴파일.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def dense_parameters(inputs, units):
    """How many numbers a stack of dense layers learns.

    밀집층을 차례로 쌓았을 때 학습하는 매개변수의 수를 계산합니다.

    Args:
        inputs: number of features.
            특성의 수.
        units: list of the layers' numbers of units, in order.
            층의 유닛 수를 순서대로 담은 리스트.
    Returns:
        int, weights and biases of all layers.
        정수, 모든 층의 가중치와 편향의 수.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
