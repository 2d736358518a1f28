"""Which browser the tests drive: the system's Chromium, or the one Playwright fetched. Exits with 1 without one."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str | None:
    """A path to start; FOVEA_BROWSER comes first."""
    chosen = os.environ.get("FOVEA_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if chosen:
        return chosen
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        fetched = playwright.chromium.executable_path
    return fetched if Path(fetched).exists() else None


if __name__ == "__main__":
    sys.exit(0 if find_browser() else 1)
