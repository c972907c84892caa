"""Where a process of the learner's side finds its packages: exactly where the command that started it found them.

The environment of a worker is its own, so what variables told the command's Python (PYTHONPATH, a user's or a layered
environment, a folder that pip installed into) is handed over as the list it came to, `sys.path`.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import site
import sys
from collections.abc import Iterable
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_SITES = ("site-packages", "dist-packages")
_SUFFIXES = tuple(importlib.machinery.all_suffixes())

# Nothing is garbage while a program's modules are imported: whoever is started this way enables the collector after that.
# Takes the list as it is handed over. An import hook of an editable installation may be what finds `course`; where nothing
# does, or another one is found than the command's own, its folder is searched for it, but stays out of what a learner's code
# imports from.
_START = """
import gc, importlib.util, json, os, runpy, sys
gc.disable()
sys.path[:], beside = json.loads(sys.argv[1])
module = sys.argv[2]
del sys.argv[1:3]
found = importlib.util.find_spec("course")
if found is None or found.origin is None or os.path.dirname(os.path.dirname(found.origin)) != beside:
    sys.path.insert(0, beside)
    import course
    sys.path.remove(beside)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def command(module: str) -> list[str]:
    """How to start a module with this process' packages."""
    options = ["-P"] if site.ENABLE_USER_SITE else ["-P", "-s"]
    handed = json.dumps([search_path(), str(_PACKAGE.parent)])
    return [sys.executable, *options, "-c", _START, handed, module]


def variables() -> dict[str, str]:
    """What its environment needs for that: the user's folder of packages, whose start-up files may hold import hooks."""
    found = {"PYTHONHOME": os.environ["PYTHONHOME"]} if "PYTHONHOME" in os.environ else {}
    if site.ENABLE_USER_SITE:
        found["PYTHONUSERBASE"] = site.getuserbase()
    return found


def search_path() -> list[str]:
    """`sys.path` in whole paths, as another process is to have it."""
    return cleaned(sys.path, sys.argv[0], safe=bool(sys.flags.safe_path))


def cleaned(entries: Iterable[str], script: str, *, safe: bool) -> list[str]:
    """The same of such a list of a process in the current folder that runs this script, by Python's flag `-P` or not.

    Without the folder that Python itself puts first, the current one or the script's, in which a learner's random.py would
    be found, unless it is the one that holds `course`; and without a checkout of the course, whose folders are no packages.
    """
    whole = [os.path.abspath(entry) for entry in entries]
    own = {os.path.abspath(""), str(Path(os.path.abspath(script)).parent)} - {str(_PACKAGE.parent)}
    if whole and not safe and whole[0] in own:
        del whole[0]
    checkout = str(_PACKAGE.parent) if (_PACKAGE.parent / "graders").is_dir() else None
    return [entry for entry in dict.fromkeys(whole) if entry != checkout]


def importable(entries: Iterable[str]) -> set[str]:
    """The paths below these entries of `sys.path` that importing reads.

    A folder of installed packages, or an archive, as a whole. Of any other folder, which may be somebody's home, only
    packages, modules and what pip has put there.
    """
    found = set()
    for entry in entries:
        if entry.endswith(_SITES) or os.path.isfile(entry):
            found.add(entry)
        elif os.path.isdir(entry):
            found |= {os.path.join(entry, name) for name in _modules(entry)}
    return found


def _modules(folder: str) -> set[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return set()
    installed = {
        top
        for name in names
        if name.endswith(".dist-info")
        for top in _recorded(os.path.join(folder, name, "RECORD"))
    }
    packages = {name for name in names if os.path.isfile(os.path.join(folder, name, "__init__.py"))}
    modules = {name for name in names if name.endswith(_SUFFIXES)}
    return packages | modules | {name for name in names if name in installed}


def _recorded(path: str) -> set[str]:
    """The uppermost folders and files of an installed package."""
    try:
        with open(path, encoding="utf-8") as lines:
            return {line.split("/", 1)[0].split(",", 1)[0] for line in lines}
    except (OSError, UnicodeDecodeError):
        return set()
