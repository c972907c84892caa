"""A small deterministic grid world, its shortest paths, and the best values and action values in it.

Cells are numbered row by row; actions are 0 up, 1 right, 2 down, 3 left; who walks into a wall or over the edge
stays. Source: Sutton & Barto, Reinforcement Learning (2018), chapters 3, 4 and 6.
tests/test_reference_gridworld.py holds these against each other.
"""

from collections.abc import Collection
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))


def grid_world(
    rows: int, columns: int, goal: int, walls: Collection[int] = (), step: float = 0.0, arrival: float = 1.0
) -> tuple[Array, Array]:
    """next_state and reward, both (rows·columns, 4).

    A step into the goal gives `arrival`, every other one `step`. The goal and the walls lead to themselves, for 0.
    """
    states = rows * columns
    next_state = np.repeat(np.arange(states)[:, None], len(MOVES), axis=1)
    reward = np.zeros(next_state.shape)
    for state in range(states):
        if state == goal or state in walls:
            continue
        for action, (down, right) in enumerate(MOVES):
            row, column = state // columns + down, state % columns + right
            target = row * columns + column
            if 0 <= row < rows and 0 <= column < columns and target not in walls:
                next_state[state, action] = target
            reward[state, action] = arrival if next_state[state, action] == goal else step
    return next_state, reward


def distances(next_state: Array, goal: int) -> Array:
    """Steps of the shortest path to the goal from every state, breadth first; -1 where there is none."""
    steps = np.full(len(next_state), -1)
    steps[goal] = 0
    border, far = steps == 0, 0
    while border.any():
        far += 1
        border = (steps < 0) & border[next_state].any(axis=1)
        steps[border] = far
    return steps


def connected_grid(
    rng: np.random.Generator, rows: int, columns: int, walls: int, **rewards: float
) -> tuple[int, list[int], Array, Array]:
    """A random grid in which every free cell has a path to the goal: goal, the wall cells, next_state, reward."""
    while True:
        chosen = [int(cell) for cell in rng.choice(rows * columns, size=walls + 1, replace=False)]
        goal, blocked = chosen[0], chosen[1:]
        next_state, reward = grid_world(rows, columns, goal, blocked, **rewards)
        steps = distances(next_state, goal)
        if np.count_nonzero(steps < 0) == walls:
            return goal, blocked, next_state, reward


def best_values(next_state: Array, reward: Array, gamma: float, sweeps: int = 2000) -> Array:
    """Values of the best behaviour, by sweeps from zero until nothing changes.

    For gamma < 1 the error after all the sweeps is below gammaˢʷᵉᵉᵖˢ·max|r|/(1-gamma).
    """
    values = np.zeros(len(next_state))
    for _ in range(sweeps):
        before, values = values, (reward + gamma * values[next_state]).max(axis=1)
        if (before == values).all():
            break
    return values


def best_action_values(next_state: Array, reward: Array, gamma: float) -> Array:
    """Q of every state and action: its reward, then the best behaviour."""
    values: Array = reward + gamma * best_values(next_state, reward, gamma)[next_state]
    return values


def steps_to(goal: int, policy: Array, next_state: Array, start: int) -> int:
    """Steps a policy takes from start to the goal; -1 if it goes in circles."""
    state = start
    for count in range(len(next_state) + 1):
        if state == goal:
            return count
        state = next_state[state, policy[state]]
    return -1
