"""Image augmentation: shift, rotation, random crop and random flip."""

import numpy as np


def shift(image, down, right):
    """Move an image; what leaves is lost, what comes in is 0.

    이미지를 옮기고, 빈 자리는 0으로 채웁니다.

    Args:
        image: shape (H, W) or (H, W, C).
        down: rows to move down, int; negative moves up; |down| < H.
        right: columns to move right, int; negative moves left; |right| < W.
    Returns:
        shape and dtype of image.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def rotate(image, turns):
    """Turn an image counter-clockwise by turns · 90°.

    이미지를 반시계 방향으로 turns · 90° 돌립니다.

    Args:
        image: shape (H, W) or (H, W, C).
        turns: int; negative turns clockwise.
    Returns:
        shape of image for even turns, with H and W exchanged for odd ones.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def random_crop(image, height, width, rng):
    """Cut a window out of an image, every position equally likely.

    이미지에서 임의의 위치의 창을 잘라 냅니다.

    Args:
        image: shape (H, W) or (H, W, C).
        height, width: size of the window, ints, at most H and W.
        rng: np.random.Generator.
    Returns:
        shape (height, width) or (height, width, C).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def random_flip(images, labels, rng):
    """Mirror each image left to right with probability 1/2, on its own; labels are kept.

    이미지마다 따로 1/2의 확률로 좌우를 뒤집습니다. 레이블은 그대로입니다.

    Args:
        images: shape (n, H, W) or (n, H, W, C).
        labels: shape (n,).
        rng: np.random.Generator.
    Returns:
        (images, labels), of the same shapes and in the same order.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
