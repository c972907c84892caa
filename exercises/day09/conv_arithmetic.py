"""Sizes and costs of convolutional layers."""


def output_size(size, kernel, stride=1, padding=0):
    """Height (or width) of a convolution's output.

    합성곱 출력의 높이(또는 너비)를 계산합니다.

    Args:
        size: height (or width) of the input, int.
        kernel: side of the kernel, int.
        stride: step from one window to the next, int, at least 1.
        padding: zeros added on each side, int; or "valid" (none) or
            "same" (as many as give ceil(size / stride)).
    Returns:
        int.
    Raises:
        ValueError: if the kernel is larger than the padded input (never for
            "same").
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def parameter_count(kernel, in_channels, filters):
    """Weights and biases of a convolutional layer.

    합성곱 층의 가중치와 편향을 모두 셉니다.

    Args:
        kernel: side of the square kernel, int.
        in_channels: channels of the input, int.
        filters: channels of the output, int.
    Returns:
        int.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def multiply_count(height, width, kernel, in_channels, filters, stride=1, padding=0):
    """Multiplications of a convolutional layer for one image.

    이미지 한 장에 합성곱 층을 적용할 때의 곱셈 횟수를 셉니다.

    Args:
        height, width: size of the input, int.
        kernel, in_channels, filters: as in parameter_count.
        stride, padding: as in output_size.
    Returns:
        int.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def receptive_field(layers):
    """Side of the input region that one output value of a stack of layers sees.

    층을 쌓았을 때 출력값 하나가 보는 입력 영역의 한 변을 계산합니다.

    Args:
        layers: list of pairs (kernel, stride), the first layer first.
    Returns:
        int; 1 for an empty list.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
