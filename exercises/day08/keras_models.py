"""One network, built in the four ways Keras offers."""

from keras import Input, Model, Sequential
from keras.layers import Dense


def sequential_from_list():
    """Sequential model from a list of layers.

    층의 리스트로 Sequential 모델을 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax).
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def sequential_with_add():
    """Sequential model, one layer added after the other.

    add()로 층을 하나씩 더해 Sequential 모델을 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax).
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def functional():
    """Functional model, from its input tensor to its output tensor.

    입력 텐서에서 출력 텐서까지 이어서 함수형 모델을 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax).
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def subclassed():
    """Instance of a class of its own derived from Model, called once.

    Model을 상속한 클래스로 모델을 만들고, 한 번 호출해서 가중치를 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax);
        its weights exist.
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델. 가중치가 이미
        있음.
    """

    # YOUR CODE HERE
    raise NotImplementedError()
