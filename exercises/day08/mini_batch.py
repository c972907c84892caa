"""Mini-batches: counting iterations and drawing shuffled batches."""

import numpy as np


def iterations_per_epoch(rows, batch_size):
    """Number of batches that cover the data once.

    전체 데이터를 한 번 학습하는 데 필요한 이터레이션 수를 구합니다.

    Args:
        rows: number of rows of the data.
        batch_size: rows in a batch.
    Returns:
        int; a last batch that is not full counts too.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def total_iterations(rows, batch_size, epochs):
    """Number of iterations of a whole training.

    학습 전체의 이터레이션 수를 구합니다.

    Args:
        rows: number of rows of the data.
        batch_size: rows in a batch.
        epochs: how often the data are gone through.
    Returns:
        int.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def epoch_and_step(iteration, rows, batch_size):
    """Where in the training an iteration lies.

    이터레이션이 몇 번째 에포크의 몇 번째 단계인지 구합니다.

    Args:
        iteration: number of the iteration, counted from 0.
        rows: number of rows of the data.
        batch_size: rows in a batch.
    Returns:
        (epoch, step): two ints, both counted from 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def shuffled_batches(X, y, batch_size, rng):
    """Batches of one epoch in random order.

    한 에포크의 배치를 무작위 순서로 하나씩 내보냅니다.

    Args:
        X: inputs, shape (rows, ...).
        y: targets, shape (rows, ...).
        batch_size: rows in a batch.
        rng: np.random.Generator to draw the order from.
    Yields:
        (X_batch, y_batch): batch_size rows each, the last batch the rest.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
