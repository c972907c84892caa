"""Parameter counts of SimpleRNN, LSTM, GRU and of a model built on one."""


def simple_rnn_parameters(units, features):
    """Number of parameters of a SimpleRNN layer.

    SimpleRNN 층의 매개변수 개수를 구합니다.

    Args:
        units: number of hidden units.
            은닉 유닛의 수.
        features: number of features of one step.
            한 시점의 특성 수.
    Returns:
        the count, an int.
        개수, 정수.
    """
    ### BEGIN SOLUTION
    return units * (features + units + 1)
    ### END SOLUTION


def lstm_parameters(units, features):
    """Number of parameters of an LSTM layer.

    LSTM 층의 매개변수 개수를 구합니다.

    Args:
        units, features: as in simple_rnn_parameters.
            simple_rnn_parameters와 같음.
    Returns:
        the count, an int.
        개수, 정수.
    """
    ### BEGIN SOLUTION
    return 4 * simple_rnn_parameters(units, features)
    ### END SOLUTION


def gru_parameters(units, features, reset_after=True):
    """Number of parameters of a GRU layer.

    GRU 층의 매개변수 개수를 구합니다.

    Args:
        units, features: as in simple_rnn_parameters.
            simple_rnn_parameters와 같음.
        reset_after: True, Keras' default: a second bias for each matrix;
            False: the original form with one.
            Keras의 기본값 True이면 행렬마다 편향이 둘, False이면 하나인 원래 형태.
    Returns:
        the count, an int.
        개수, 정수.
    """
    ### BEGIN SOLUTION
    biases = 2 if reset_after else 1
    return 3 * units * (features + units + biases)
    ### END SOLUTION


def model_parameters(layer, units, features, dense):
    """Number of parameters of one recurrent layer followed by Dense layers.

    순환층 하나와 이어지는 Dense 층들의 매개변수 개수를 모두 더합니다.

    Args:
        layer: "SimpleRNN", "LSTM" or "GRU" (with reset_after).
            "SimpleRNN", "LSTM", "GRU"(reset_after 형태) 가운데 하나.
        units, features: of the recurrent layer.
            순환층의 유닛 수와 특성 수.
        dense: list with the number of units of each Dense layer, in order.
            Dense 층마다의 유닛 수를 순서대로 담은 리스트.
    Returns:
        the count, an int.
        개수, 정수.
    Raises:
        ValueError: for any other layer.
            그 밖의 층일 때.
    """
    ### BEGIN SOLUTION
    counts = {"SimpleRNN": simple_rnn_parameters, "LSTM": lstm_parameters, "GRU": gru_parameters}
    if layer not in counts:
        raise ValueError(f"unknown layer: {layer}")
    total = counts[layer](units, features)
    inputs = units
    for outputs in dense:
        total += outputs * (inputs + 1)
        inputs = outputs
    return total
    ### END SOLUTION
