"""The pages in JupyterLab and on JupyterHub: how jupyter-server-proxy starts them and leads to them."""

from __future__ import annotations

import sys
from typing import Any

from course import language
from course.content import courses
from course.content.catalog import PACKAGE
from course.web.security import new_token

KEY_VARIABLE = "COURSE_SERVE_KEY"  # read by `course serve`


def setup() -> dict[str, Any]:
    """What jupyter-server-proxy asks of a program that registers itself.

    Jupyter has asked for a login before; the key keeps other users of the same machine from the port itself.
    """
    key = new_token()
    return {
        "command": [sys.executable, "-m", "course", "serve", "--no-open", "--port", "{port}"],
        "environment": {KEY_VARIABLE: key},
        "timeout": 60,
        # The pages answer to names of this machine alone, whatever the hub is called.
        "request_headers_override": {"Host": "localhost"},
        "launcher_entry": {
            "title": courses.bundled().title(language.current()),
            "icon_path": str(PACKAGE / "web" / "static" / "icon.svg"),
            "path_info": f"course/?key={key}",
        },
    }
