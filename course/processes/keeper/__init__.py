"""The keeper: a process that a check leaves behind, so that the next one need import nothing.

It holds graders and zygotes that have imported what is slow, and forks fresh ones of them for each of this user's commands.
It never sees a learner's code or a result. Where there is none, commands start what they need themselves.
"""
