"""Reinforcement learning on a small deterministic world: returns, value iteration, Q-learning."""

import numpy as np


def discounted_return(rewards, gamma):
    """Return r₀ + γ·r₁ + γ²·r₂ + … of one episode.

    한 에피소드의 할인된 보상의 합을 구합니다.

    Args:
        rewards: shape (steps,), possibly no steps.
        gamma: discount factor in [0, 1].
    Returns:
        float.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def value_iteration(next_state, reward, gamma, tolerance=1e-8):
    """Value of every state under the best behaviour.

    모든 상태의 최적 가치를 구합니다.

    Args:
        next_state: where action a leads from state s, ints, shape (states, actions).
        reward: reward of that step, shape (states, actions).
        gamma: discount factor in [0, 1].
        tolerance: stop when no value changes by as much.
    Returns:
        shape (states,). Sweeps start from zeros.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def greedy_policy(values, next_state, reward, gamma):
    """The best action in every state, looking one step ahead.

    한 걸음 앞을 보고 상태마다 가장 좋은 행동을 고릅니다.

    Args:
        values: shape (states,).
        next_state, reward, gamma: as in value_iteration.
    Returns:
        ints, shape (states,); among equally good actions any one.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def q_step(q, state, action, reward, next_state, done, alpha, gamma):
    """One Q-learning update from one observed step.

    관찰한 한 걸음으로 Q 표를 한 번 고칩니다.

    Args:
        q: table of shape (states, actions); not changed.
        state, action: what was done where, ints.
        reward: what it gave, float.
        next_state: where it led, int.
        done: True if the episode ended there.
        alpha: learning rate in (0, 1].
        gamma: discount factor in [0, 1].
    Returns:
        a new table of the same shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError()
