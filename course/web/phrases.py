"""What the editor says, in the reader's language."""

from __future__ import annotations

from course.language import gettext as _


def editor() -> dict[str, str]:
    """CodeMirror's own phrases and those of static/editor.js, by the English they stand for."""
    return {
        "Find": _("Find"),
        "Replace": _("Replace"),
        "next": _("next"),
        "previous": _("previous"),
        "all": _("all"),
        "match case": _("match case"),
        "regexp": _("regular expression"),
        "by word": _("whole words"),
        "replace": _("replace"),
        "replace all": _("replace all"),
        "close": _("close"),
        "current match": _("current match"),
        "on line": _("on line"),
        "replaced match on line $": _("replaced match on line $"),
        "replaced $ matches": _("replaced $ matches"),
        "Go to line": _("Go to line"),
        "go": _("go"),
        "Selection deleted": _("Selection deleted"),
        "Control character": _("Control character"),
        "code": _("Your code"),
        "saving": _("saving"),
        "saved": _("saved"),
        "kept here": _("kept in this browser, not saved yet"),
        "restored": _("what you had typed is back"),
        "reloaded": _("the file was changed elsewhere; this is its new text"),
        "checking": _("checking"),
        "stopped": _("Stopped."),
        "backup": _("kept as a backup: {path}"),
        "no answer": _(
            "The pages do not answer: is `course serve` still running? What you type is kept in this browser."
        ),
        "another start": _(
            "`course serve` was started again: open the address that it printed. What you type is kept in this browser."
        ),
    }
