"""The convolution of deep learning: cross-correlation with stride, padding and channels."""

import numpy as np


def pad(image, padding):
    """Surround an image with zeros.

    이미지의 가장자리에 0을 채웁니다.

    Args:
        image: shape (H, W) or (H, W, C).
            모양 (H, W) 또는 (H, W, C).
        padding: rows and columns to add on each side, int, 0 or more.
            양쪽에 각각 더할 행과 열의 수, 0 이상의 정수.
    Returns:
        shape (H + 2·padding, W + 2·padding), with C last if the image has it.
        모양 (H + 2·padding, W + 2·padding). 이미지에 C가 있으면 맨 뒤에 그대로.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def cross_correlate(image, kernel, stride=1, padding=0):
    """Slide a kernel over an image; at each place, multiply entry by entry and sum.

    커널을 움직이면서 겹치는 값끼리 곱한 합을 구합니다.

    Args:
        image: shape (H, W).
            모양 (H, W).
        kernel: shape (kh, kw).
            모양 (kh, kw).
        stride: step of the window in both directions, int.
            두 방향으로 창이 움직이는 간격, 정수.
        padding: zeros on each side of the image, int.
            이미지의 네 방향에 채우는 0의 줄 수, 정수.
    Returns:
        shape ((H + 2·padding - kh) // stride + 1, (W + 2·padding - kw) // stride + 1).
        모양 ((H + 2·padding - kh) // stride + 1, (W + 2·padding - kw) // stride + 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def conv2d(image, kernels, bias, stride=1, padding=0):
    """One convolutional layer without its activation: many channels in, many filters out.

    여러 채널을 받아 필터마다 특징 맵을 하나씩 만듭니다.

    Args:
        image: shape (H, W, C).
            모양 (H, W, C).
        kernels: shape (kh, kw, C, F), as Keras stores them.
            모양 (kh, kw, C, F), Keras가 저장하는 그대로.
        bias: shape (F,).
            모양 (F,).
        stride, padding: as in cross_correlate.
            cross_correlate와 같음.
    Returns:
        shape (H', W', F), with H' and W' as in cross_correlate.
        모양 (H', W', F). H'와 W'는 cross_correlate와 같음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
