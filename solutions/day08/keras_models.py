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
    ### BEGIN SOLUTION
    return Sequential(
        [
            Input(shape=(4,)),
            Dense(5, activation="relu"),
            Dense(10, activation="relu"),
            Dense(3, activation="softmax"),
        ]
    )
    ### END SOLUTION


def sequential_with_add():
    """Sequential model, one layer added after the other.

    add()로 층을 하나씩 더해 Sequential 모델을 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax).
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델.
    """
    ### BEGIN SOLUTION
    model = Sequential()
    model.add(Input(shape=(4,)))
    model.add(Dense(5, activation="relu"))
    model.add(Dense(10, activation="relu"))
    model.add(Dense(3, activation="softmax"))
    return model
    ### END SOLUTION


def functional():
    """Functional model, from its input tensor to its output tensor.

    입력 텐서에서 출력 텐서까지 이어서 함수형 모델을 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax).
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델.
    """
    ### BEGIN SOLUTION
    inputs = Input(shape=(4,))
    x = Dense(5, activation="relu")(inputs)
    x = Dense(10, activation="relu")(x)
    outputs = Dense(3, activation="softmax")(x)
    return Model(inputs=inputs, outputs=outputs)
    ### END SOLUTION


def subclassed():
    """Instance of a class of its own derived from Model, called once.

    Model을 상속한 클래스로 모델을 만들고, 한 번 호출해서 가중치를 만듭니다.

    Returns:
        model with 4 inputs, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax);
        its weights exist.
        입력 4개, Dense 5 (relu), Dense 10 (relu), Dense 3 (softmax)인 모델. 가중치가 이미
        있음.
    """

    ### BEGIN SOLUTION
    class CustomModel(Model):
        def __init__(self):
            super().__init__()
            self.hidden1 = Dense(5, activation="relu")
            self.hidden2 = Dense(10, activation="relu")
            self.head = Dense(3, activation="softmax")

        def call(self, inputs):
            return self.head(self.hidden2(self.hidden1(inputs)))

    model = CustomModel()
    model(Input(shape=(4,)))
    return model
    ### END SOLUTION
