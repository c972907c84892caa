"""Parameter counts of SimpleRNN, LSTM, GRU and of a model built on one."""


def simple_rnn_parameters(units, features):
    """Number of parameters of a SimpleRNN layer.

    SimpleRNN 층의 매개변수 개수를 구합니다.

    Args:
        units: number of hidden units.
        features: number of features of one step.
    Returns:
        the count, an int.
    """
    ### BEGIN SOLUTION
    return units * (features + units + 1)
    ### END SOLUTION


def lstm_parameters(units, features):
    """Number of parameters of an LSTM layer.

    LSTM 층의 매개변수 개수를 구합니다.

    Args:
        units, features: as in simple_rnn_parameters.
    Returns:
        the count, an int.
    """
    ### BEGIN SOLUTION
    return 4 * simple_rnn_parameters(units, features)
    ### END SOLUTION


def gru_parameters(units, features, reset_after=True):
    """Number of parameters of a GRU layer.

    GRU 층의 매개변수 개수를 구합니다.

    Args:
        units, features: as in simple_rnn_parameters.
        reset_after: True, Keras' default: a second bias for each matrix;
            False: the original form with one.
    Returns:
        the count, an int.
    """
    ### BEGIN SOLUTION
    biases = 2 if reset_after else 1
    return 3 * units * (features + units + biases)
    ### END SOLUTION


def model_parameters(layer, units, features, dense):
    """Number of parameters of one recurrent layer followed by Dense layers.

    순환 층 하나와 이어지는 Dense 층들의 매개변수 개수를 모두 더합니다.

    Args:
        layer: "SimpleRNN", "LSTM" or "GRU" (with reset_after).
        units, features: of the recurrent layer.
        dense: list with the number of units of each Dense layer, in order.
    Returns:
        the count, an int.
    Raises:
        ValueError: for any other layer.
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
