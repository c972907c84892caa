"""A small GAN on numbers: two networks and their alternating training."""

import keras
import numpy as np
import tensorflow as tf
from keras import Input, Sequential, layers


def build_gan(latent_dim):
    """Generator and discriminator, each compiled with an optimizer of its own.

    생성자와 판별자를 만들고, 각각 자기 옵티마이저로 컴파일합니다.

    Args:
        latent_dim: length of a noise vector, int.
            잡음 벡터의 길이, 정수.
    Returns:
        (generator, discriminator): keras models; the generator takes noise
        (n, latent_dim) to numbers (n, 1), the discriminator numbers (n, 1) to
        probabilities (n, 1) of being real.
        Keras 모델 둘. 생성자는 잡음 (n, latent_dim)을 수 (n, 1)로, 판별자는 수 (n, 1)을
        진짜일 확률 (n, 1)로 바꿈.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def discriminator_step(generator, discriminator, real, noise):
    """One step of the discriminator's optimizer; the generator stays as it is.

    판별자만 한 번 학습합니다. 생성자는 바뀌지 않습니다.

    Args:
        generator, discriminator: models as from build_gan.
            build_gan의 모델.
        real: real numbers, float32, shape (n, 1).
            진짜 수, float32, 모양 (n, 1).
        noise: noise for the generator, float32, shape (m, latent_dim).
            생성자에 넣을 잡음, float32, 모양 (m, latent_dim).
    Returns:
        the loss before the step: mean -log D(real) plus mean -log(1 - D(fake)).
        스텝 전의 손실, 곧 -log D(real)의 평균과 -log(1 - D(fake))의 평균의 합.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def generator_step(generator, discriminator, noise):
    """One step of the generator's optimizer; the discriminator stays as it is.

    생성자만 한 번 학습합니다. 판별자는 바뀌지 않습니다.

    Args:
        generator, discriminator: models as from build_gan.
            build_gan의 모델.
        noise: noise for the generator, float32, shape (m, latent_dim).
            생성자에 넣을 잡음, float32, 모양 (m, latent_dim).
    Returns:
        the loss before the step: mean -log D(G(noise)).
        스텝 전의 손실, 곧 -log D(G(noise))의 평균.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train(generator, discriminator, real, steps, batch_size, rng):
    """Alternate discriminator and generator steps on random batches and fresh noise.

    임의의 배치와 새 잡음으로 판별자와 생성자를 번갈아 학습합니다.

    Args:
        generator, discriminator: models as from build_gan; changed in place.
            build_gan의 모델. 그 자리에서 바뀜.
        real: the data, float32, shape (n, 1).
            데이터, float32, 모양 (n, 1).
        steps: number of alternations, int.
            번갈아 학습하는 횟수, 정수.
        batch_size: rows of real data, and noise vectors, in each step, int.
            스텝마다 쓰는 진짜 데이터의 행 수와 잡음 벡터의 수, 정수.
        rng: np.random.Generator for batches and noise.
            배치와 잡음을 뽑을 np.random.Generator.
    Returns:
        losses, shape (steps, 2): discriminator, generator.
        손실, 모양 (steps, 2). 판별자, 생성자 순서.
    """

    # YOUR CODE HERE
    raise NotImplementedError()
