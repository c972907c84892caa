"""Grader of day11/reinforcement_learning."""

import numpy as np

from course.grading import array, assert_close, fail, forms, graded, require
from graders.reference.gridworld import (
    best_action_values,
    best_values,
    connected_grid,
    distances,
    steps_to,
)

# The prompt's corridor: four cells, actions 0 left and 1 right, the goal at the right end.
CORRIDOR = np.array([[0, 1], [0, 2], [1, 3], [3, 3]])
CORRIDOR_REWARD = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])

# Places of state, action, reward, next_state, alpha and gamma among q_step's arguments after the table, and what they may be.
STEP_EDGES = {
    0: (0, 1, 5),
    1: (0, 1, 3),
    2: (0.0, -0.7, 1.0, 0, 1, -2),
    3: (0, 1, 5),
    5: (1.0, 1),
    6: (0.0, 1.0, 0, 1),
}


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
    got = submission.value_iteration(next_state, reward, gamma)
    assert_close(got, want, atol=1e-5, mistakes=mistakes)


def check_stop(submission, rng, *tolerance):
    """One state that leads to itself: its value grows by r, r/2, r/4, … and is to stop when that is below the tolerance."""
    first = float(rng.uniform(4.5, 7.5)) * (tolerance[0] if tolerance else 1e-8)
    reward = np.array([[-1.0, first]])
    got = submission.value_iteration(np.zeros((1, 2), dtype=int), reward, 0.5, *tolerance)
    # The fourth sweep adds less; the value before it, 1.75 times the reward, is as good as that after it, 1.875 times.
    assert_close(got, [1.8125 * first], rtol=0.04, atol=0, mistakes={"too_exact": [2 * first]})


def averaged_values(next_state, reward, gamma):
    values = np.zeros(len(reward))
    for _ in range(2000):
        values = (reward + gamma * values[next_state]).mean(axis=1)
    return values


def check_policy(submission, values, next_state, reward, gamma, mistakes=()):
    """Every chosen action is one of the best; ties are free. A mistake is named where it alone explains all the actions."""
    policy = submission.greedy_policy(values, next_state, reward, gamma)
    actions = array(policy, (len(values),)).astype(int)
    whole = np.asarray(policy).dtype.kind in "iu" and actions.min() >= 0 and actions.max() < reward.shape[1]
    require(whole, "no_action", actions=reward.shape[1])
    q, rows = reward + gamma * values[next_state], np.arange(len(values))
    if np.allclose(q[rows, actions], q.max(axis=1)):
        return
    fitting = [key for key, score in mistakes if np.allclose(score[rows, actions], score.max(axis=1))]
    if len(fitting) == 1:
        fail(fitting[0])
    wrong = int(np.argmax(q.max(axis=1) - q[rows, actions]))
    found = ", ".join(f"{value:.4g}" for value in q[wrong])
    fail("not_best", state=wrong, action=int(actions[wrong]), values=found)


def policy_mistakes(values, next_state, reward, gamma):
    """Pairs of a key and what that mistake takes the largest of."""
    following = values[next_state]
    yield "rewards_only", reward
    yield "values_only", following
    yield "no_gamma", reward + following
    yield "worst", -(reward + gamma * following)


def check_paths(policy, next_state, goal):
    """From every free cell the policy walks to the goal, and no detour."""
    for start, shortest in enumerate(distances(next_state, goal)):
        taken = steps_to(goal, policy, next_state, start) if shortest > 0 else shortest
        require(taken >= 0 or shortest < 0, "never", start=start)
        require(taken == shortest, "path", start=start, taken=taken, shortest=int(shortest))


def updated(q, state, action, target, alpha):
    table = q.astype(float)
    table[state, action] += alpha * (target - q[state, action])
    return table


def check_step(submission, q, state, action, reward, next_state, done, alpha, gamma, mistakes=None):
    target = reward if done else reward + gamma * q[next_state].max()
    want = updated(q, state, action, target, alpha)
    got = submission.q_step(q, state, action, reward, next_state, done, alpha, gamma)
    assert_close(got, want, mistakes=mistakes)


def step_mistakes(q, state, action, reward, next_state, done, alpha, gamma):
    future = 0 if done else q[next_state].max()
    target, old = reward + gamma * future, q[state, action]
    targets = {
        "no_reward": gamma * future,
        "own_row": reward + gamma * q[state].max(),
        "old_not_subtracted": old + target,
        "old_lost": target + old - old / alpha,
        "wrong_entry": target + old - q[next_state, action],
    }
    if done:
        targets["end_ignored"] = reward + gamma * q[next_state].max()
    else:
        targets |= {
            "no_gamma": reward + future,
            "no_future": reward,
            "averaged": reward + gamma * q[next_state].mean(),
            "same_action": reward + gamma * q[next_state, action],
            "gamma_twice": gamma * (reward + future),
        }
    return {key: updated(q, state, action, wrong, alpha) for key, wrong in targets.items()} | {
        "no_alpha": updated(q, state, action, target, 1),
        "wrong_state": updated(q, next_state, action, target, alpha),
        "entry_only": updated(q, state, action, target, alpha)[state, action],
    }


def draw_step(rng, done):
    """All arguments of q_step but the table, which has six states and four actions."""
    state, to = (int(n) for n in rng.choice(6, size=2, replace=False))
    numbers = rng.uniform(0.5, 2), rng.uniform(0.2, 0.7), rng.uniform(0.5, 0.9)
    reward, alpha, gamma = (float(number) for number in numbers)
    return [state, int(rng.integers(4)), reward, to, done, alpha, gamma]


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
    for steps in (5, 12):
        rewards, gamma = rng.normal(size=steps), rng.uniform(0.5, 0.95)
        powers = gamma ** np.arange(steps)
        mistakes = {
            "from_one": gamma * powers @ rewards,
            "reversed": powers[::-1] @ rewards,
            "not_discounted": rewards.sum(),
            "one_factor": gamma * rewards.sum(),
            "running": [powers[: n + 1] @ rewards[: n + 1] for n in range(steps)],
        }
        got = submission.discounted_return(rewards, gamma)
        assert_close(got, powers @ rewards, mistakes=mistakes)
    assert_close(submission.discounted_return(np.array([0.0, 0.0, 1.0]), 0.9), 0.81)
    assert_close(submission.discounted_return(np.zeros(0), 0.9), 0)
    cases = [(rewards, rng.uniform(0.5, 0.95)) for steps in (6, 1) for (rewards,) in forms(rng, (steps,))]
    cases += [(rng.normal(size=4), gamma) for gamma in (0.0, 1.0, 0, 1)]
    for rewards, gamma in cases:
        want = float(gamma) ** np.arange(len(rewards)) @ rewards
        assert_close(submission.discounted_return(rewards, gamma), want)


@graded(points=2)
def test_value_iteration(submission, rng):
    check_values(submission, *random_world(rng, 7, 3), 0.8)
    check_values(submission, *random_world(rng, 5, 2), 0.5)
    next_state, reward = random_world(rng, 6, 3)
    reward = -np.abs(reward)
    got = submission.value_iteration(next_state, reward, 0.7)
    want = best_values(next_state, reward, 0.7)
    assert_close(got, want, atol=1e-5, mistakes={"signed": reward.max(axis=1)})
    _, _, next_state, reward = connected_grid(rng, 4, 5, 4)
    worlds = [(CORRIDOR, CORRIDOR_REWARD, 0.9), (next_state, reward, 0.9)]
    for states, actions in ((4, 3), (1, 2), (3, 1)):
        next_state = rng.integers(states, size=(states, actions))
        # In float32 values may go on changing in their last digit, by more than the tolerance.
        rewards = [reward for (reward,) in forms(rng, (states, actions)) if reward.dtype != np.float32]
        worlds += [(next_state, reward, 0.6) for reward in rewards]
    worlds += [(*random_world(rng, 4, 3), gamma) for gamma in (0.0, 0)]
    worlds += [(np.full((4, 3), rng.integers(4)), rng.normal(size=(4, 3)), 0.7)]
    for world in worlds:
        assert_close(submission.value_iteration(*world), best_values(*world), atol=1e-5)


@graded(points=1, after=["value_iteration"])
def test_no_discount(submission, rng):
    goal, _, next_state, reward = connected_grid(rng, 4, 5, 3, step=-1.0, arrival=-1.0)
    steps = distances(next_state, goal)
    want = np.where(steps > 0, -steps, 0)
    got = submission.value_iteration(next_state, reward, 1.0)
    assert_close(got, want, atol=1e-5, mistakes={"not_from_zero": want + 1})
    # Here every change is a whole number: a sweep that changes a value by exactly the tolerance is not the last.
    for one in (1.0, 1):
        got = submission.value_iteration(next_state, reward, one, one)
        assert_close(got, want, atol=1e-5, mistakes={"too_early": np.maximum(want, -1)})
    for tolerance in ((), (0.1,), (1e-4,)):
        check_stop(submission, rng, *tolerance)


@graded(points=2)
def test_policy(submission, rng):
    # So many states that two mistakes never choose the same actions in all of them.
    for states, actions in ((50, 3), (40, 4)):
        world = rng.normal(size=states) * 2, *random_world(rng, states, actions), 0.4
        check_policy(submission, *world, policy_mistakes(*world))
    for states, actions in ((5, 3), (1, 3), (4, 1)):
        next_state = rng.integers(states, size=(states, actions))
        for values, reward in forms(rng, (states,), (states, actions)):
            check_policy(submission, values, next_state, reward, float(rng.uniform(0.3, 0.9)))
    for gamma in (0.0, 1.0, 0, 1):
        check_policy(submission, rng.normal(size=20), *random_world(rng, 20, 3), gamma)
    check_policy(submission, rng.normal(size=5), np.full((5, 3), 2), rng.normal(size=(5, 3)), 0.5)


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
        state, _, reward, to, _, alpha, gamma = draw_step(rng, done)
        # Another action than the best of the next row, so that taking that of the same action shows.
        action = int((q[to].argmax() + rng.integers(1, 4)) % 4)
        arguments = state, action, reward, to, done, alpha, gamma
        check_step(submission, q, *arguments, step_mistakes(q, *arguments))
    q = np.array([[0.5, 0.2], [0.3, 0.8]])
    want = [[0.522, 0.2], [0.3, 0.8]]
    assert_close(submission.q_step(q, 0, 0, 0.0, 1, False, 0.1, 0.9), want)
    state, action, _, to, _, alpha, gamma = draw_step(rng, True)
    q = -rng.uniform(0.5, 2, size=(6, 4))
    mistakes = {"from_zero": updated(q, state, action, 0.3, alpha)}
    check_step(submission, q, state, action, 0.3, to, False, alpha, gamma, mistakes)
    mistakes = {"reward_changed": updated(q, state, action, -1, alpha)}
    check_step(submission, q, state, action, 0.0, to, True, alpha, gamma, mistakes)
    for done in (False, True):
        for place, values in STEP_EDGES.items():
            for value in values:
                arguments = draw_step(rng, done)
                arguments[place] = value
                check_step(submission, rng.normal(size=(6, 4)), *arguments)
        for states, actions in ((6, 4), (1, 3), (4, 1)):
            for (q,) in forms(rng, (states, actions)):
                _, _, *numbers = draw_step(rng, done)
                state, numbers[1] = (int(n) for n in rng.integers(states, size=2))
                check_step(submission, q, state, int(rng.integers(actions)), *numbers)


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
