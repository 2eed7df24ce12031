"""The package's build: brings the page's third-party modules, and puts the page into the wheel.

An editable install and an sdist need `static/vendor` in place; a wheel holds templates and static files, vendor
included, under `server/_assets`. An sdist contains `static/vendor`, so a wheel is built from it without npm or Node.js.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import javascript, vendor


class PageBuildHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js from a package, and only where it is needed and the machine has none."""
        needed = not vendor.is_current() and javascript.on_the_machine() is None
        return [javascript.WHEEL] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        vendor.ensure()
        if self.target_name == "wheel" and version == "standard":
            for name in ("templates", "static"):
                build_data["force_include"][str(Path(self.root) / name)] = f"server/_assets/{name}"
