"""Grader of day11/reinforcement_learning."""

import numpy as np

from course.grading import array, assert_close, assert_shape, fail, graded, require, unchanged
from course.reference.gridworld import (
    best_action_values,
    best_values,
    connected_grid,
    distances,
    steps_to,
)

# The prompt's corridor: four cells, actions 0 left and 1 right, the goal at the right end.
CORRIDOR = np.array([[0, 1], [0, 2], [1, 3], [3, 3]])
CORRIDOR_REWARD = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])


def random_world(rng, states, actions):
    """A world of random steps and rewards."""
    return rng.integers(states, size=(states, actions)), rng.normal(size=(states, actions))


def worst_values(next_state, reward, gamma):
    return -best_values(next_state, -reward, gamma)


def check_values(submission, next_state, reward, gamma):
    want = best_values(next_state, reward, gamma)
    mistakes = {
        "one_sweep": reward.max(axis=1),
        "worst": lambda: worst_values(next_state, reward, gamma),
        "averaged": lambda: averaged_values(next_state, reward, gamma),
        "action_values": lambda: best_action_values(next_state, reward, gamma),
    }
    got = unchanged(submission.value_iteration, next_state, reward, gamma)
    assert_close(got, want, atol=1e-5, mistakes=mistakes)


def averaged_values(next_state, reward, gamma):
    values = np.zeros(len(reward))
    for _ in range(2000):
        values = (reward + gamma * values[next_state]).mean(axis=1)
    return values


def check_policy(submission, values, next_state, reward, gamma):
    """Every chosen action is one of the best; ties are free."""
    policy = unchanged(submission.greedy_policy, values, next_state, reward, gamma)
    actions = array(policy)
    assert_shape(policy, (len(values),))
    whole = np.all(actions == np.floor(actions)) and actions.min() >= 0 and actions.max() < reward.shape[1]
    require(whole, "no_action", actions=reward.shape[1])
    actions = actions.astype(int)
    q, rows = reward + gamma * values[next_state], np.arange(len(values))
    if np.allclose(q[rows, actions], q.max(axis=1)):
        return
    for key, other in {
        "rewards_only": reward,
        "values_only": values[next_state],
        "no_gamma": reward + values[next_state],
        "worst": -q,
    }.items():
        require(not np.allclose(other[rows, actions], other.max(axis=1)), key)
    wrong = int(np.argmax(q.max(axis=1) - q[rows, actions]))
    found = ", ".join(f"{value:.4g}" for value in q[wrong])
    fail("not_best", state=wrong, action=int(actions[wrong]), values=found)


def check_paths(policy, next_state, goal):
    """From every free cell the policy walks to the goal, and no detour."""
    for start, shortest in enumerate(distances(next_state, goal)):
        taken = steps_to(goal, policy, next_state, start) if shortest > 0 else shortest
        require(taken >= 0 or shortest < 0, "never", start=start)
        require(taken == shortest, "path", start=start, taken=taken, shortest=int(shortest))


def check_step(submission, q, state, action, reward, next_state, done, alpha, gamma):
    def updated(target, row=state, column=action, rate=alpha):
        table = q.copy()
        table[row, column] += rate * (target - q[row, column])
        return table

    future = 0 if done else q[next_state].max()
    target = reward + gamma * future
    mistakes = {
        "no_alpha": updated(target, rate=1),
        "no_reward": updated(gamma * future),
        "own_row": updated(reward + gamma * q[state].max()),
        "old_not_subtracted": updated(q[state, action] + target),
        "old_lost": updated(target + q[state, action] - q[state, action] / alpha),
        "wrong_state": updated(target, row=next_state),
        "wrong_entry": updated(target + q[state, action] - q[next_state, action]),
    }
    if done:
        mistakes["end_ignored"] = updated(reward + gamma * q[next_state].max())
    else:
        mistakes |= {
            "no_gamma": updated(reward + future),
            "no_future": updated(reward),
            "averaged": updated(reward + gamma * q[next_state].mean()),
            "same_action": updated(reward + gamma * q[next_state, action]),
            "gamma_twice": updated(gamma * (reward + future)),
        }
    got = unchanged(submission.q_step, q, state, action, reward, next_state, done, alpha, gamma)
    assert_close(got, updated(target), mistakes=mistakes)


def learn(submission, goal, next_state, reward, gamma):
    """Q after trying every action in every state twice, those near the goal first, with the learner's update at alpha = 1.

    Where nothing is left to chance that is exact: the first sweep finds the best action's value, the second the others'.
    """
    q, steps = np.zeros(reward.shape), distances(next_state, goal)
    states = sorted(np.flatnonzero(steps > 0).tolist(), key=lambda state: steps[state])
    for _ in range(2):
        for state in states:
            for action in range(reward.shape[1]):
                to = int(next_state[state, action])
                q = submission.q_step(
                    q, state, action, float(reward[state, action]), to, to == goal, 1.0, gamma
                )
    return array(q, reward.shape)


@graded(points=1)
def test_discounted_return(submission, rng):
    for steps in (1, 5, 12):
        rewards, gamma = rng.normal(size=steps), rng.uniform(0.5, 0.95)
        powers = gamma ** np.arange(steps)
        mistakes = {
            "from_one": gamma * powers @ rewards,
            "reversed": powers[::-1] @ rewards,
            "not_discounted": rewards.sum(),
            "one_factor": gamma * rewards.sum(),
            "running": [powers[: n + 1] @ rewards[: n + 1] for n in range(steps)],
        }
        got = unchanged(submission.discounted_return, rewards, gamma)
        assert_close(got, powers @ rewards, mistakes=mistakes)
    assert_close(submission.discounted_return(np.array([0.0, 0.0, 1.0]), 0.9), 0.81)
    assert_close(submission.discounted_return(np.zeros(0), 0.9), 0)
    assert_close(submission.discounted_return(np.array([2.0, 5.0]), 0.0), 2)
    assert_close(submission.discounted_return(np.array([2.0, 5.0, -1.0]), 1.0), 6)


@graded(points=2)
def test_value_iteration(submission, rng):
    _, _, next_state, reward = connected_grid(rng, 4, 5, 4)
    check_values(submission, next_state, reward, 0.9)
    check_values(submission, *random_world(rng, 7, 3), 0.8)
    check_values(submission, *random_world(rng, 5, 2), 0.5)
    assert_close(submission.value_iteration(CORRIDOR, CORRIDOR_REWARD, 0.9), [0.81, 0.9, 1, 0], atol=1e-5)


@graded(points=1, after=["value_iteration"])
def test_no_discount(submission, rng):
    goal, _, next_state, reward = connected_grid(rng, 4, 5, 3, step=-1.0, arrival=-1.0)
    steps = distances(next_state, goal)
    want = np.where(steps > 0, -steps, 0)
    got = unchanged(submission.value_iteration, next_state, reward, 1.0)
    assert_close(got, want, atol=1e-5, mistakes={"not_from_zero": want + 1, "signed": np.maximum(want, -1)})
    # Here every change is a whole number: a sweep that changes a value by exactly the tolerance is not the last.
    got = submission.value_iteration(next_state, reward, 1.0, 1.0)
    assert_close(got, want, atol=1e-5, mistakes={"too_early": np.maximum(want, -1)})


@graded(points=2)
def test_policy(submission, rng):
    for states, actions in ((6, 3), (9, 4)):
        next_state, reward = random_world(rng, states, actions)
        check_policy(submission, rng.normal(size=states) * 2, next_state, reward, 0.4)


@graded(points=2, after=["value_iteration", "policy"])
def test_shortest_path(submission, rng):
    for rows, columns, walls in ((3, 4, 1), (5, 5, 6)):
        goal, _, next_state, reward = connected_grid(rng, rows, columns, walls)
        values = array(submission.value_iteration(next_state, reward, 0.9), (rows * columns,))
        policy = array(submission.greedy_policy(values, next_state, reward, 0.9), values.shape).astype(int)
        check_paths(policy, next_state, goal)


@graded(points=2)
def test_q_step(submission, rng):
    for done in (False, True, False, True):
        q = rng.normal(size=(6, 4)) + 1
        state, to = (int(n) for n in rng.choice(6, size=2, replace=False))
        action = int((q[to].argmax() + rng.integers(1, 4)) % 4)
        reward, alpha, gamma = rng.uniform(0.5, 2), rng.uniform(0.2, 0.7), rng.uniform(0.5, 0.9)
        check_step(submission, q, state, action, float(reward), to, done, float(alpha), float(gamma))
    q = np.array([[0.5, 0.2], [0.3, 0.8]])
    want = [[0.522, 0.2], [0.3, 0.8]]
    assert_close(submission.q_step(q, 0, 0, 0.0, 1, False, 0.1, 0.9), want)


@graded(points=1, after=["q_step"])
def test_q_learning(submission, rng):
    goal, _, next_state, reward = connected_grid(rng, 3, 3, 1)
    q = learn(submission, goal, next_state, reward, 0.9)
    check_paths(q.argmax(axis=1), next_state, goal)
    steps = distances(next_state, goal)
    assert_close(q[steps > 0], best_action_values(next_state, reward, 0.9)[steps > 0])


@graded(points=1, hidden=True, after=["shortest_path", "q_learning"])
def test_larger_world(submission, rng):
    for step, arrival, gamma in ((-0.1, 1.0, 0.95), (0.0, 5.0, 0.7)):
        goal, _, next_state, reward = connected_grid(rng, 6, 8, 12, step=step, arrival=arrival)
        values = best_values(next_state, reward, gamma)
        assert_close(submission.value_iteration(next_state, reward, gamma), values, atol=1e-5)
        policy = array(submission.greedy_policy(values, next_state, reward, gamma), values.shape).astype(int)
        check_paths(policy, next_state, goal)
