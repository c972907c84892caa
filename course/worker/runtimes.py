"""What the worker of an exercise has imported when it starts, and what follows from that.

These come with the program; a course declares others in its manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# NumPy loads its submodules when they are first used: without this every worker would do it anew.
_NUMPY = ("numpy", "numpy.random", "numpy.linalg", "numpy.ma")


@dataclass(frozen=True)
class Runtime:
    """Its name in a manifest, the library it is about, what to install for that, and what is imported, which `needs` leads.

    An exercise has `seconds` where the manifest says nothing else, a worker `data` bytes of memory. A `heavy` one takes seconds
    to import and trains models, each of which wants a core for itself.
    """

    name: str
    title: str
    distribution: str
    needs: str
    imports: tuple[str, ...]
    seconds: float = 60.0
    data: int = 2 << 30
    heavy: bool = False


def of_a_course(name: str, title: str, distribution: str, imports: tuple[str, ...], **limits: Any) -> Runtime:
    """One that a course declares: beside its own imports it has NumPy, by which values cross."""
    return Runtime(name, title, distribution, imports[0], (*_NUMPY, *imports), **limits)


RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        Runtime("numpy", "NumPy", "numpy", "numpy", _NUMPY),
        Runtime("pandas", "pandas", "pandas", "pandas", (*_NUMPY, "pandas")),
        Runtime("matplotlib", "Matplotlib", "matplotlib", "matplotlib", (*_NUMPY, "matplotlib.pyplot")),
        # TensorFlow itself maps about 0.6 GB.
        Runtime(
            "keras",
            "TensorFlow",
            "tensorflow",
            "tensorflow",
            ("numpy", "course.worker.lazily", "tensorflow", "keras", "course.worker.graphs"),
            120.0,
            4 << 30,
            heavy=True,
        ),
    )
}
