"""Sliding windows: from a time series to inputs and targets for a recurrent layer."""

import numpy as np


def window_count(length, timesteps, horizon=1):
    """How many windows with a target fit into a series.

    시계열에서 목표값이 있는 윈도가 몇 개 나오는지 구합니다.

    Args:
        length: number of values in the series.
        timesteps: number of values in a window.
        horizon: how many steps after the window's end the target lies.
    Returns:
        the count, an int; 0 if not even one fits.
    """
    ### BEGIN SOLUTION
    return max(0, length - timesteps - horizon + 1)
    ### END SOLUTION


def make_windows(series, timesteps, horizon=1):
    """Windows of one series, with the value that follows each as its target.

    시계열 하나를 윈도와 그 뒤에 오는 목표값으로 나눕니다.

    Args:
        series: values in order of time, shape (length,).
        timesteps, horizon: as in window_count.
    Returns:
        (x, y): windows of shape (samples, timesteps, 1) and targets of shape
        (samples,).
    Raises:
        ValueError: if the series is too short for one window.
    """
    ### BEGIN SOLUTION
    samples = window_count(len(series), timesteps, horizon)
    if samples == 0:
        raise ValueError(f"{len(series)} values are too few for a window of {timesteps}")
    x = np.array([series[start : start + timesteps] for start in range(samples)])
    return x[:, :, np.newaxis], series[timesteps + horizon - 1 :]
    ### END SOLUTION


def make_feature_windows(table, timesteps, target):
    """Windows of a table with several features; the target is the next value of one column.

    특성이 여러 개인 표를 윈도로 나눕니다. 목표값은 한 열의 다음 값입니다.

    Args:
        table: one row for each moment, shape (length, features), with more
            rows than timesteps.
        timesteps: number of rows in a window.
        target: index of the column to be predicted.
    Returns:
        (x, y): windows of shape (samples, timesteps, features) and targets of
        shape (samples,).
    """
    ### BEGIN SOLUTION
    samples = window_count(len(table), timesteps)
    x = np.stack([table[start : start + timesteps] for start in range(samples)])
    return x, table[timesteps:, target]
    ### END SOLUTION
