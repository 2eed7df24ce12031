"""The optimizers' update rules for one parameter, written out with plain floats: what the engine is compared with.

Each entry of RULES makes a function from the gradient and the parameter of a step to its update.
"""

from __future__ import annotations

import math
from collections.abc import Callable

RATE = 0.1
Update = Callable[[float, float], float]
Rule = Callable[[], Update]


def sgd() -> Update:
    return lambda g, w: -RATE * g


def momentum() -> Update:
    v = 0.0

    def update(g: float, w: float) -> float:
        nonlocal v
        v = 0.9 * v + g
        return -RATE * v

    return update


def nesterov() -> Update:
    v = 0.0

    def update(g: float, w: float) -> float:
        nonlocal v
        v = 0.9 * v + g
        return -RATE * (g + 0.9 * v)

    return update


def adagrad() -> Update:
    s = 0.0

    def update(g: float, w: float) -> float:
        nonlocal s
        s += g**2
        return -RATE * g / (math.sqrt(s) + 1e-10)

    return update


def adadelta() -> Update:
    s = u = 0.0

    def update(g: float, w: float) -> float:
        nonlocal s, u
        s = 0.9 * s + 0.1 * g**2
        d = math.sqrt(u + 1e-6) / math.sqrt(s + 1e-6) * g
        u = 0.9 * u + 0.1 * d**2
        return -RATE * d

    return update


def rmsprop() -> Update:
    s = 0.0

    def update(g: float, w: float) -> float:
        nonlocal s
        s = 0.99 * s + 0.01 * g**2
        return -RATE * g / (math.sqrt(s) + 1e-8)

    return update


def adam() -> Update:
    m = s = 0.0
    t = 0

    def update(g: float, w: float) -> float:
        nonlocal m, s, t
        t += 1
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        return -RATE * (m / (1 - 0.9**t)) / (math.sqrt(s / (1 - 0.999**t)) + 1e-8)

    return update


def adamw() -> Update:
    inner = adam()
    return lambda g, w: inner(g, w) - RATE * 0.01 * w


def nadam() -> Update:
    m = s = 0.0
    t = 0
    product = 1.0

    def update(g: float, w: float) -> float:
        nonlocal m, s, t, product
        t += 1
        now = 0.9 * (1 - 0.5 * 0.96 ** (t * 0.004))
        after = 0.9 * (1 - 0.5 * 0.96 ** ((t + 1) * 0.004))
        product *= now
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        ahead = (1 - now) * g / (1 - product) + after * m / (1 - product * after)
        return -RATE * ahead / (math.sqrt(s / (1 - 0.999**t)) + 1e-8)

    return update


def lion() -> Update:
    m = 0.0

    def update(g: float, w: float) -> float:
        nonlocal m
        mixed = 0.9 * m + 0.1 * g
        m = 0.99 * m + 0.01 * g
        return -RATE * math.copysign(1, mixed) if mixed else 0.0

    return update


def rprop() -> Update:
    size, last = RATE, 0.0

    def update(g: float, w: float) -> float:
        nonlocal size, last
        turn = math.copysign(1, g) * math.copysign(1, last) if g and last else 0
        size *= {1: 1.2, -1: 0.5, 0: 1.0}[int(turn)]
        size = min(max(size, 1e-6), 50.0)
        last = 0.0 if turn < 0 else g
        return -math.copysign(size, last) if last else 0.0

    return update


RULES: dict[str, Rule] = {
    "sgd": sgd, "momentum": momentum, "nesterov": nesterov, "adagrad": adagrad, "adadelta": adadelta,
    "rmsprop": rmsprop, "adam": adam, "adamw": adamw, "nadam": nadam, "lion": lion, "rprop": rprop,
}
