"""Imported before TensorFlow and Keras: parts of it that import large libraries of their own wait until somebody uses them."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

# What scikit-learn and Matplotlib are for in Keras; where they are installed, a quarter of its import.
WAITING = frozenset({"wrappers", "visualization"})
_PACKAGES = ("keras", "keras.src", "keras._tf_keras.keras")


class _Waiting:
    """Finds what waits as a module that is executed when its first attribute is asked for."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, part = name.rpartition(".")
        if part not in WAITING or package not in _PACKAGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


sys.meta_path.insert(0, _Waiting)
