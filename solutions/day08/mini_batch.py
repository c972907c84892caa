"""Mini-batches: counting iterations and drawing shuffled batches."""

import numpy as np


def iterations_per_epoch(rows, batch_size):
    """Number of batches that cover the data once.

    전체 데이터를 한 번 학습하는 데 필요한 이터레이션 수를 구합니다.

    Args:
        rows: number of rows of the data.
            데이터의 행 수.
        batch_size: rows in a batch.
            배치 하나의 행 수.
    Returns:
        int; a last batch that is not full counts too.
        정수. 가득 차지 않은 마지막 배치도 셈.
    """
    ### BEGIN SOLUTION
    return -(-rows // batch_size)
    ### END SOLUTION


def total_iterations(rows, batch_size, epochs):
    """Number of iterations of a whole training.

    학습 전체의 이터레이션 수를 구합니다.

    Args:
        rows: number of rows of the data.
            데이터의 행 수.
        batch_size: rows in a batch.
            배치 하나의 행 수.
        epochs: how often the data are gone through.
            데이터를 훑는 횟수.
    Returns:
        int.
        정수.
    """
    ### BEGIN SOLUTION
    return epochs * iterations_per_epoch(rows, batch_size)
    ### END SOLUTION


def epoch_and_step(iteration, rows, batch_size):
    """Where in the training an iteration lies.

    이터레이션이 몇 번째 에포크의 몇 번째 단계인지 구합니다.

    Args:
        iteration: number of the iteration, counted from 0.
            0부터 센 이터레이션의 번호.
        rows: number of rows of the data.
            데이터의 행 수.
        batch_size: rows in a batch.
            배치 하나의 행 수.
    Returns:
        (epoch, step): two ints, both counted from 0.
        둘 다 0부터 센 정수 두 개.
    """
    ### BEGIN SOLUTION
    return divmod(iteration, iterations_per_epoch(rows, batch_size))
    ### END SOLUTION


def shuffled_batches(X, y, batch_size, rng):
    """Batches of one epoch in random order.

    한 에포크의 배치를 무작위 순서로 하나씩 내보냅니다.

    Args:
        X: inputs, shape (rows, ...).
            입력, 모양 (rows, ...).
        y: targets, shape (rows,).
            목표값, 모양 (rows,).
        batch_size: rows in a batch.
            배치 하나의 행 수.
        rng: np.random.Generator to draw the order from.
            순서를 뽑을 np.random.Generator.
    Yields:
        (X_batch, y_batch): batch_size rows each, the last batch the rest.
        배치마다 batch_size행, 마지막 배치는 나머지.
    """
    ### BEGIN SOLUTION
    order = np.arange(len(X))
    rng.shuffle(order)
    for start in range(0, len(X), batch_size):
        chosen = order[start : start + batch_size]
        yield X[chosen], y[chosen]
    ### END SOLUTION
