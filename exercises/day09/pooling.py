"""Max pooling, average pooling and global average pooling."""

import numpy as np


def max_pool(image, window, stride=None):
    """The largest value of every window.

    창마다 가장 큰 값을 고릅니다.

    Args:
        image: shape (H, W), or (H, W, C) to pool each channel by itself.
            모양 (H, W). (H, W, C)이면 채널마다 따로 풀링.
        window: side of the square window, int.
            정사각형 창의 한 변, 정수.
        stride: step of the window in both directions, int; None means window.
            두 방향으로 창이 움직이는 간격, 정수. None이면 window.
    Returns:
        shape (H', W') or (H', W', C), with H' = (H - window) // stride + 1 and
        W' likewise: windows that would hang over the edge are left out.
        모양 (H', W') 또는 (H', W', C). H' = (H - window) // stride + 1이고 W'도 같음.
        가장자리를 넘는 창은 쓰지 않음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def average_pool(image, window, stride=None):
    """The mean of every window.

    창마다 평균을 구합니다.

    Args:
        image, window, stride: as in max_pool.
            max_pool과 같음.
    Returns:
        floats, shape as in max_pool.
        실수, 모양은 max_pool과 같음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def global_average_pool(maps):
    """The mean of every feature map.

    특징 맵마다 전체 평균을 구합니다.

    Args:
        maps: shape (H, W, C).
            모양 (H, W, C).
    Returns:
        shape (C,).
        모양 (C,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()
