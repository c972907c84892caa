"""The lecture's network for the airline table."""

from keras import Input, Sequential
from keras.layers import Dense, Dropout


def build_model():
    """The compiled network: 25 features to the probability that a passenger is satisfied.

    특성 25개로 만족할 확률을 예측하는 신경망을 만들고 컴파일합니다.

    Returns:
        Keras model, (n, 25) to (n, 1), 21,633 parameters, compiled for labels
        0 and 1 with adam and the metric accuracy.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def dense_parameters(inputs, units):
    """How many numbers a stack of dense layers learns.

    밀집층을 차례로 쌓았을 때 학습하는 매개변수의 수를 계산합니다.

    Args:
        inputs: number of features.
        units: list of the layers' numbers of units, in order.
    Returns:
        int, weights and biases of all layers.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
