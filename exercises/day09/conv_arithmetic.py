"""Sizes and costs of convolutional layers."""


def output_size(size, kernel, stride=1, padding=0):
    """Height (or width) of a convolution's output.

    합성곱 출력의 높이(또는 너비)를 계산합니다.

    Args:
        size: height (or width) of the input, int.
            입력의 높이 또는 너비, 정수.
        kernel: side of the kernel, int.
            커널의 한 변, 정수.
        stride: step from one window to the next, int, at least 1.
            한 창에서 다음 창까지의 간격, 1 이상의 정수.
        padding: zeros added on each side, int; or "valid" (none) or
            "same" (as many as give ceil(size / stride)).
            양쪽에 각각 채우는 0의 개수, 정수. 또는 "valid"(없음)나 "same"(ceil(size /
            stride)가 되는 만큼).
    Returns:
        int.
        정수.
    Raises:
        ValueError: if the kernel is larger than the padded input (never for
            "same").
            커널이 패딩한 입력보다 클 때("same"이면 일으키지 않음).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def parameter_count(kernel, in_channels, filters):
    """Weights and biases of a convolutional layer.

    합성곱 층의 가중치와 편향을 모두 셉니다.

    Args:
        kernel: side of the square kernel, int.
            정사각형 커널의 한 변, 정수.
        in_channels: channels of the input, int.
            입력의 채널 수, 정수.
        filters: channels of the output, int.
            출력의 채널 수, 정수.
    Returns:
        int.
        정수.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def multiply_count(height, width, kernel, in_channels, filters, stride=1, padding=0):
    """Multiplications of a convolutional layer for one image.

    이미지 한 장에 합성곱 층을 적용할 때의 곱셈 횟수를 셉니다.

    Args:
        height, width: size of the input, int.
            입력의 높이와 너비, 정수.
        kernel, in_channels, filters: as in parameter_count.
            parameter_count와 같음.
        stride, padding: as in output_size.
            output_size와 같음.
    Returns:
        int.
        정수.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def receptive_field(layers):
    """Side of the input region that one output value of a stack of layers sees.

    층을 쌓았을 때 출력값 하나가 보는 입력 영역의 한 변을 계산합니다.

    Args:
        layers: list of pairs (kernel, stride), the first layer first.
            쌍 (kernel, stride)의 리스트, 첫 층이 맨 앞.
    Returns:
        int; 1 for an empty list.
        정수. 빈 리스트이면 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
