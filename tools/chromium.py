"""Finds the Chromium that the browser tests drive, and installs one where there is none.

The headless shell is the same engine without the browser's own windows and menus, which cost more than our page does.

    python -m tools.chromium                 # prints its path, or says what to install
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome",
         "google-chrome-stable", "chrome")
APPLICATIONS = tuple(f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome"))
PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's, the first that it has."""
ADVICE = "No Chromium: install one (Debian: apt-get install chromium), or set CHROMIUM to the path of one."
UPDATE = ("apt-get", "update", "-qq")
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")


def version(path: str) -> str | None:
    """What the program at `path` calls itself, or None where it does not start (some systems ship a stub)."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def find() -> str | None:
    """The Chromium to use: $CHROMIUM, else one of the PATH, else Playwright's own. None where none of them starts."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if version(chosen) is None:
            raise RuntimeError(f"CHROMIUM names {chosen}, which does not start: correct it or leave it out.")
        return chosen
    candidates = [path for path in map(shutil.which, NAMES) if path] + list(APPLICATIONS) + [playwrights_own()]
    return next((path for path in candidates if path and Path(path).exists() and version(path)), None)


def playwrights_own() -> str:
    """Where Playwright keeps its Chromium once it has downloaded it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> None:
    """Installs a Chromium: the system's package on Debian as root, else by Playwright's installer."""
    if is_debian() and os.geteuid() == 0:
        print("No Chromium here: installing Debian's package", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(UPDATE, env=quiet, stdin=subprocess.DEVNULL)
        for package in PACKAGES:
            if subprocess.run((*INSTALL, package), env=quiet, stdin=subprocess.DEVNULL).returncode == 0:
                return
    else:
        print("No Chromium here: taking Playwright's", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdin=subprocess.DEVNULL)


def is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def find_or_install() -> str:
    """The path of a Chromium that starts. Raises RuntimeError, saying what to install, where there is none."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        raise RuntimeError(ADVICE)
    return path


if __name__ == "__main__":
    try:
        print(find_or_install())
    except RuntimeError as error:
        sys.exit(str(error))
