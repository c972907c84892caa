"""The losses of a GAN and its optimal discriminator."""

import numpy as np


def discriminator_loss(d_real, d_fake):
    """Binary cross-entropy of the discriminator: real is 1, generated is 0.

    진짜를 1, 가짜를 0으로 놓은 판별자의 손실입니다.

    Args:
        d_real: D(x) for real samples, shape (n,) or (n, 1), in [0, 1].
            진짜 표본에 대한 D(x), 모양 (n,) 또는 (n, 1), [0, 1]의 값.
        d_fake: D(G(z)) for generated samples, shape (m,) or (m, 1), in [0, 1].
            생성한 표본에 대한 D(G(z)), 모양 (m,) 또는 (m, 1), [0, 1]의 값.
    Returns:
        float: the mean over the real ones plus the mean over the generated ones.
        실수. 진짜에 대한 평균과 생성한 것에 대한 평균의 합.
    """
    ### BEGIN SOLUTION
    return -np.log(np.maximum(d_real, 1e-7)).mean() - np.log(np.maximum(1 - d_fake, 1e-7)).mean()
    ### END SOLUTION


def saturating_generator_loss(d_fake):
    """The generator's loss of the minimax game, mean log(1 - D(G(z))).

    미니맥스 게임에서 그대로 얻는 생성자의 손실입니다.

    Args:
        d_fake: D(G(z)), shape (m,) or (m, 1), in [0, 1].
            D(G(z)), 모양 (m,) 또는 (m, 1), [0, 1]의 값.
    Returns:
        float, 0 or below.
        0 이하의 실수.
    """
    ### BEGIN SOLUTION
    return np.log(np.maximum(1 - d_fake, 1e-7)).mean()
    ### END SOLUTION


def generator_loss(d_fake):
    """The generator's loss used in practice (non-saturating), mean -log D(G(z)).

    실제로 쓰는 (포화되지 않는) 생성자의 손실입니다.

    Args:
        d_fake: D(G(z)), shape (m,) or (m, 1), in [0, 1].
            D(G(z)), 모양 (m,) 또는 (m, 1), [0, 1]의 값.
    Returns:
        float, 0 or above.
        0 이상의 실수.
    """
    ### BEGIN SOLUTION
    return -np.log(np.maximum(d_fake, 1e-7)).mean()
    ### END SOLUTION


def optimal_discriminator(p, q):
    """The best discriminator for known densities, p / (p + q).

    두 확률밀도를 알 때 가장 좋은 판별자입니다.

    Args:
        p: density of the data at some points, any shape, 0 or above.
            여러 점에서 데이터의 확률밀도, 모양은 자유, 0 이상.
        q: density of the generated samples at the same points, same shape.
            같은 점에서 생성한 표본의 확률밀도, 모양은 같음.
    Returns:
        floats of that shape; 0.5 where both densities are 0.
        그 모양의 실수. 두 확률밀도가 모두 0인 곳은 0.5.
    """
    ### BEGIN SOLUTION
    total = p + q
    return np.divide(p, total, out=np.full(total.shape, 0.5), where=total > 0)
    ### END SOLUTION
