"""Imported after TensorFlow: graphs and datasets run as they are made. To optimize them takes longer than a few small steps.

Numbers stay the same, but for the last digit of a float32.
"""

from collections.abc import Iterator
from typing import Any

import tensorflow as tf

tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})

_PLAIN = tf.data.Options()
_PLAIN.autotune.enabled = False
_PLAIN.experimental_optimization.apply_default_optimizations = False

# Keras' fit makes an iterator for every epoch, and for every one TensorFlow would rewrite its graph and watch it for tuning.
_iterate = tf.data.Dataset.__iter__


def _plainly(dataset: Any) -> Iterator[Any]:
    made: Iterator[Any] = _iterate(dataset.with_options(_PLAIN))
    return made


tf.data.Dataset.__iter__ = _plainly
