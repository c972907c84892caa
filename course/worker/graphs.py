"""Imported after TensorFlow and Keras: what is as dear for a few rows as for a million is left out.

Graphs and datasets run as they are made, since to optimize them takes longer than a few small steps; to predict one batch is to
call the model on it. Numbers stay the same, but for the last digit of a float32.
"""

import contextlib
import functools
import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from course.worker import adam, recurrent
from course.worker.training import unrolled

tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})

_PLAIN = tf.data.Options()
_PLAIN.autotune.enabled = False
_PLAIN.experimental_optimization.apply_default_optimizations = False
_BATCH_SIZE = 32  # of Keras' predict

# Keras' fit makes an iterator for every epoch, and for every one TensorFlow would rewrite its graph and watch it for tuning.
_iterate = tf.data.Dataset.__iter__


def _plainly(dataset: Any) -> Iterator[Any]:
    plain = vars(dataset).get("_plain")
    if plain is None or not tf.executing_eagerly():
        plain = dataset.with_options(_PLAIN)
    if tf.executing_eagerly():  # what is made while a function is traced belongs to that function
        dataset._plain = plain
    made: Iterator[Any] = _iterate(plain)
    return made


tf.data.Dataset.__iter__ = _plainly

# After the last batch of an epoch Keras makes an iterator, and another one before the next: the first is never asked.
_trainer: Any = sys.modules.get("keras.src.backend.tensorflow.trainer")
_of_epoch = getattr(getattr(_trainer, "TFEpochIterator", None), "_get_iterator", None)


def _needed(epochs: Any) -> Any:
    over = (
        epochs.steps_per_epoch is None and epochs._num_batches and epochs._steps_seen >= epochs._num_batches
    )
    return () if over or _of_epoch is None else _of_epoch(epochs)


if _of_epoch is not None:
    _trainer.TFEpochIterator._get_iterator = _needed

# Keras' predict makes a dataset for every call and traces the model once for every model.
_predict = keras.Model.predict


@functools.wraps(_predict)
def _predict_at_once(model: Any, x: Any, batch_size: Any = None, *others: Any, **settings: Any) -> Any:
    if others or settings.keys() - {"verbose"} or not _one_batch(x, batch_size or _BATCH_SIZE):
        return _predict(model, x, batch_size, *others, **settings)
    if x.dtype.kind == "f":
        x = x.astype(keras.config.floatx(), copy=False)
    with unrolled(model, x):
        outputs = model.predict_step(tf.convert_to_tensor(x))
    return keras.tree.map_structure(keras.ops.convert_to_numpy, outputs)


def _one_batch(x: Any, batch_size: Any) -> bool:
    plain = type(x) is np.ndarray and x.ndim > 1 and x.dtype.kind in "fiu"
    return plain and isinstance(batch_size, int) and 0 < len(x) <= batch_size


keras.Model.predict = _predict_at_once

# Keras makes an optimizer's state while it traces the first step, where every part of it is traced as a function of its own.
_make_train_function = getattr(keras.Model, "make_train_function", None)
_STEPS = ("train_step", "test_step", "compute_metrics")
_functional: Any = sys.modules.get("keras.src.models.functional")


def _make_with_state(model: Any, *arguments: Any, **settings: Any) -> Any:
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and not optimizer.built and _all_there(model):
        with keras.name_scope(optimizer.name, caller=optimizer):
            optimizer.build(model.trainable_variables)
    return _make_train_function(model, *arguments, **settings)  # type: ignore[misc]


def _all_there(model: Any) -> bool:
    """Whether Keras' own steps are what trains and judges it, and it has all its weights already."""
    known = isinstance(model, keras.Sequential | getattr(_functional, "Functional", keras.Sequential))
    plain = all(getattr(type(model), name) is getattr(keras.Model, name, None) for name in _STEPS)
    return known and plain and model.built and bool(model.trainable_variables)


if _make_train_function is not None:
    keras.Model.make_train_function = _make_with_state

# The same of metrics; and a step in which anything was made is traced twice.
_before_steps = getattr(keras.Model, "_maybe_symbolic_build", None)


def _with_metrics(model: Any, iterator: Any = None, **data: Any) -> None:
    _before_steps(model, iterator=iterator, **data)  # type: ignore[misc]
    metrics = getattr(model, "_compile_metrics", None)
    spec: Any = getattr(getattr(iterator, "_distributed_dataset", None), "element_spec", ())
    if metrics is not None and not metrics.built and _all_there(model) and len(model.outputs) == 1:
        with contextlib.suppress(Exception):  # what is wrong with them is said by the step
            metrics.build(spec[1], model.outputs[0])  # which looks at nothing but the shapes


if _before_steps is not None:
    keras.Model._maybe_symbolic_build = _with_metrics

# TensorFlow makes an operation of its own for every variable that is named otherwise, which takes as long as all the rest of it.
_resources: Any = sys.modules.get("tensorflow.python.ops.gen_resource_variable_ops")
_var_handle_op = getattr(_resources, "var_handle_op", None)


def _nameless(*arguments: Any, **settings: Any) -> Any:
    if "debug_name" in settings and tf.executing_eagerly():
        settings["debug_name"] = ""
    return _var_handle_op(*arguments, **settings)  # type: ignore[misc]


if _var_handle_op is not None:
    _resources.var_handle_op = _nameless

# Keras keeps what it does not save of a class under one name and looks for it under another: it finds out anew for every layer
# that it saves, which takes half of the time.
_saving: Any = sys.modules.get("keras.src.saving.saving_lib")
if hasattr(_saving, "get_attr_skipset"):
    _saving.get_attr_skipset = functools.cache(_saving.get_attr_skipset)

adam.install()
recurrent.install()
