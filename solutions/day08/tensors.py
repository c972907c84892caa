"""Tensors: rank, shape, dtype, reshaping, transposing and broadcasting."""

import numpy as np


def describe(data):
    """Rank, shape and dtype of a tensor.

    텐서의 랭크, 모양, 자료형을 구합니다.

    Args:
        data: a number, an array, or lists nested in each other.
            수 하나, 배열, 또는 여러 겹의 리스트.
    Returns:
        (rank, shape, dtype): an int, a tuple of ints, and NumPy's name of the
        type as a string, such as "float64".
        정수, 정수의 튜플, "float64"와 같은 NumPy의 자료형 이름(문자열).
    Raises:
        ValueError: for lists of unequal lengths.
            길이가 서로 다른 리스트일 때.
    """
    ### BEGIN SOLUTION
    tensor = np.asarray(data)
    return tensor.ndim, tensor.shape, tensor.dtype.name
    ### END SOLUTION


def flatten_images(images):
    """Every image as one row of numbers.

    이미지마다 한 행으로 펼칩니다.

    Args:
        images: shape (batch, height, width) or (batch, height, width, channels).
            모양 (batch, height, width) 또는 (batch, height, width, channels).
    Returns:
        shape (batch, numbers of one image), in the order they are stored.
        모양 (batch, 이미지 하나의 수의 개수), 저장된 순서대로.
    """
    ### BEGIN SOLUTION
    return images.reshape(len(images), -1)
    ### END SOLUTION


def to_channels_last(images):
    """Move the channel axis to the end.

    채널 축을 맨 뒤로 옮깁니다.

    Args:
        images: shape (batch, channels, height, width).
            모양 (batch, channels, height, width).
    Returns:
        shape (batch, height, width, channels).
        모양 (batch, height, width, channels).
    """
    ### BEGIN SOLUTION
    return images.transpose(0, 2, 3, 1)
    ### END SOLUTION


def broadcast_shape(a, b):
    """Shape of the result of an elementwise operation on two tensors.

    원소별 연산에서 브로드캐스팅된 결과의 모양을 구합니다.

    Args:
        a: shape of the first tensor, a tuple of positive ints.
            첫 번째 텐서의 모양, 양의 정수의 튜플.
        b: shape of the second tensor, a tuple of positive ints.
            두 번째 텐서의 모양, 양의 정수의 튜플.
    Returns:
        tuple of ints.
        정수의 튜플.
    Raises:
        ValueError: if the shapes do not fit together.
            두 모양이 맞지 않을 때.
    """
    ### BEGIN SOLUTION
    rank = max(len(a), len(b))
    a = (1,) * (rank - len(a)) + tuple(a)
    b = (1,) * (rank - len(b)) + tuple(b)
    pairs = list(zip(a, b, strict=True))
    if any(m != n and 1 not in (m, n) for m, n in pairs):
        raise ValueError(f"shapes {a} and {b} do not fit together")
    return tuple(max(pair) for pair in pairs)
    ### END SOLUTION
