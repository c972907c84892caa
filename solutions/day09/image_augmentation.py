"""Image augmentation: shift, rotation, random crop and random flip."""

import numpy as np


def shift(image, down, right):
    """Move an image; what leaves is lost, what comes in is 0.

    이미지를 옮기고, 빈 자리는 0으로 채웁니다.

    Args:
        image: shape (H, W) or (H, W, C).
            모양 (H, W) 또는 (H, W, C).
        down: rows to move down, int; negative moves up; |down| < H.
            아래로 옮길 행의 수, 정수. 음수이면 위로. |down| < H.
        right: columns to move right, int; negative moves left; |right| < W.
            오른쪽으로 옮길 열의 수, 정수. 음수이면 왼쪽으로. |right| < W.
    Returns:
        shape and dtype of image.
        image의 모양과 dtype 그대로.
    """
    ### BEGIN SOLUTION
    height, width = image.shape[:2]
    shifted = np.zeros_like(image)
    target = np.s_[max(down, 0) : height + down, max(right, 0) : width + right]
    source = np.s_[max(-down, 0) : height - down, max(-right, 0) : width - right]
    shifted[target] = image[source]
    return shifted
    ### END SOLUTION


def rotate(image, turns):
    """Turn an image counter-clockwise by turns · 90°.

    이미지를 반시계 방향으로 turns · 90° 돌립니다.

    Args:
        image: shape (H, W) or (H, W, C).
            모양 (H, W) 또는 (H, W, C).
        turns: int; negative turns clockwise.
            정수. 음수이면 시계 방향.
    Returns:
        shape of image for even turns, with H and W exchanged for odd ones.
        turns가 짝수이면 image의 모양, 홀수이면 H와 W가 바뀐 모양.
    """
    ### BEGIN SOLUTION
    return np.rot90(image, turns)
    ### END SOLUTION


def random_crop(image, height, width, rng):
    """Cut a window out of an image, every position equally likely.

    이미지에서 임의의 위치의 창을 잘라 냅니다.

    Args:
        image: shape (H, W) or (H, W, C).
            모양 (H, W) 또는 (H, W, C).
        height, width: size of the window, ints, at most H and W.
            창의 높이와 너비, 정수, H와 W 이하.
        rng: np.random.Generator.
            np.random.Generator(난수 생성기).
    Returns:
        shape (height, width) or (height, width, C).
        모양 (height, width) 또는 (height, width, C).
    """
    ### BEGIN SOLUTION
    top = rng.integers(image.shape[0] - height + 1)
    left = rng.integers(image.shape[1] - width + 1)
    return image[top : top + height, left : left + width]
    ### END SOLUTION


def random_flip(images, labels, rng):
    """Mirror each image left to right with probability 1/2, on its own; labels are kept.

    이미지마다 따로 1/2의 확률로 좌우를 뒤집습니다. 레이블은 그대로입니다.

    Args:
        images: shape (n, H, W) or (n, H, W, C).
            모양 (n, H, W) 또는 (n, H, W, C).
        labels: shape (n,).
            모양 (n,).
        rng: np.random.Generator.
            np.random.Generator(난수 생성기).
    Returns:
        (images, labels), of the same shapes and in the same order.
        같은 모양과 같은 순서.
    """
    ### BEGIN SOLUTION
    flipped = images.copy()
    chosen = rng.integers(2, size=len(images)).astype(bool)
    flipped[chosen] = images[chosen, :, ::-1]
    return flipped, labels
    ### END SOLUTION
