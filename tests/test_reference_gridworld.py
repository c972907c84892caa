"""The graders' grid world: shortest paths, values and Q agree with each other and with a grid worked by hand."""

import numpy as np

from graders.reference import gridworld


def test_by_hand():
    # 0 1 2
    # 3 # G
    next_state, reward = gridworld.grid_world(2, 3, goal=5, walls=[4])
    assert next_state[0].tolist() == [0, 1, 3, 0]
    assert next_state[3].tolist() == [0, 3, 3, 3]
    assert next_state[2].tolist() == [2, 2, 5, 1]
    assert reward[2].tolist() == [0, 0, 1, 0]
    assert next_state[5].tolist() == [5] * 4
    assert gridworld.distances(next_state, 5).tolist() == [3, 2, 1, 4, -1, 0]
    np.testing.assert_allclose(gridworld.best_values(next_state, reward, 0.9), [0.81, 0.9, 1, 0.729, 0, 0])


def test_values_are_discounted_distances():
    rng = np.random.default_rng(0)
    goal, walls, next_state, reward = gridworld.connected_grid(rng, 6, 7, 9)
    steps = gridworld.distances(next_state, goal)
    free = (steps >= 0) & (np.arange(42) != goal)
    values = gridworld.best_values(next_state, reward, 0.8)
    np.testing.assert_allclose(values[free], 0.8 ** (steps[free] - 1))
    assert not values[walls].any()
    policy = gridworld.best_action_values(next_state, reward, 0.8).argmax(axis=1)
    assert [gridworld.steps_to(goal, policy, next_state, s) for s in np.flatnonzero(free)] == steps[
        free
    ].tolist()
    assert gridworld.steps_to(goal, np.zeros(42, dtype=int), next_state, int(np.argmax(steps))) in (
        -1,
        steps.max(),
    )


def test_costs_of_a_step():
    rng = np.random.default_rng(1)
    goal, _, next_state, reward = gridworld.connected_grid(rng, 4, 5, 3, step=-1.0, arrival=-1.0)
    steps = gridworld.distances(next_state, goal)
    want = np.where(steps < 0, 0, -steps)
    np.testing.assert_allclose(gridworld.best_values(next_state, reward, 1.0), want)
