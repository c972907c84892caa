"""Reinforcement learning on a small deterministic world: returns, value iteration, Q-learning."""

import numpy as np


def discounted_return(rewards, gamma):
    """Return r₀ + γ·r₁ + γ²·r₂ + … of one episode.

    한 에피소드의 할인된 보상의 합을 구합니다.

    Args:
        rewards: shape (steps,), possibly no steps.
            모양 (steps,), 스텝이 없을 수도 있음.
        gamma: discount factor in [0, 1].
            [0, 1]의 할인율.
    Returns:
        float.
        실수.
    """
    ### BEGIN SOLUTION
    total = 0.0
    for reward in reversed(rewards):
        total = reward + gamma * total
    return total
    ### END SOLUTION


def value_iteration(next_state, reward, gamma, tolerance=1e-8):
    """Value of every state under the best behaviour.

    모든 상태의 최적 가치를 구합니다.

    Args:
        next_state: where action a leads from state s, ints, shape (states, actions).
            상태 s에서 행동 a를 했을 때의 다음 상태, 정수, 모양 (states, actions).
        reward: reward of that step, shape (states, actions).
            그 스텝의 보상, 모양 (states, actions).
        gamma: discount factor in [0, 1].
            [0, 1]의 할인율.
        tolerance: stop when no value changes by as much.
            어떤 값도 이만큼 바뀌지 않으면 멈춤.
    Returns:
        shape (states,). Sweeps start from zeros.
        모양 (states,). 0에서 시작하여 되풀이.
    """
    ### BEGIN SOLUTION
    values, change = np.zeros(len(reward)), np.inf
    while change >= tolerance:
        updated = (reward + gamma * values[next_state]).max(axis=1)
        values, change = updated, np.abs(updated - values).max()
    return values
    ### END SOLUTION


def greedy_policy(values, next_state, reward, gamma):
    """The best action in every state, looking one step ahead.

    한 스텝 앞을 보고 상태마다 가장 좋은 행동을 고릅니다.

    Args:
        values: shape (states,).
            모양 (states,).
        next_state, reward, gamma: as in value_iteration.
            value_iteration과 같음.
    Returns:
        ints, shape (states,); among equally good actions any one.
        정수, 모양 (states,). 똑같이 좋은 행동이 여럿이면 아무것이나.
    """
    ### BEGIN SOLUTION
    return (reward + gamma * values[next_state]).argmax(axis=1)
    ### END SOLUTION


def q_step(q, state, action, reward, next_state, done, alpha, gamma):
    """One Q-learning update from one observed step.

    관찰한 한 스텝으로 Q 표를 한 번 고칩니다.

    Args:
        q: table of shape (states, actions); not changed.
            모양이 (states, actions)인 표. 바꾸지 않음.
        state, action: what was done where, ints.
            어느 상태에서 한 어느 행동인지, 정수.
        reward: what it gave, a number.
            받은 보상, 수 하나.
        next_state: where it led, int.
            다음 상태, 정수.
        done: True if the episode ended there.
            이 스텝으로 에피소드가 끝났으면 True.
        alpha: learning rate in (0, 1].
            (0, 1]의 학습률.
        gamma: discount factor in [0, 1].
            [0, 1]의 할인율.
    Returns:
        a new table of the same shape, floats.
        모양이 같은 새 표, 실수.
    """
    ### BEGIN SOLUTION
    target = reward if done else reward + gamma * q[next_state].max()
    q = q.astype(float)
    q[state, action] += alpha * (target - q[state, action])
    return q
    ### END SOLUTION
