"""A Chromium under Playwright that is started when first asked for, and anew when it no longer answers."""

from __future__ import annotations

import contextlib
import gc
import sys
import warnings
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.servers import chromium

# The last `--disable-features` counts, so Playwright's own stand here too (tests/ends holds that they do), and before them:
# - RenderDocument: Chromium says yes to the closing of a page that is just being led on and does not close it, and page.close() waits
#   for ever: 8 of 15 times with a reload, 4 of 30 behind a form. https://github.com/microsoft/playwright/issues/42068, crbug.com/536385539
FEATURES_OFF = (
    "RenderDocument",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip
# WebGL2, which MapLibre needs, in software: a test machine has no graphics card. All else is drawn faster without one.
ARGUMENTS = ("--no-sandbox", "--enable-unsafe-swiftshader", "--disable-gpu-rasterization", f"--disable-features={','.join(FEATURES_OFF)}")


class Engine:
    """The browser and its windows. `turn` counts the starts: what was made of an earlier one is gone."""

    def __init__(self) -> None:
        self.turn = 0
        self.crashed = False  # a page has, since the start
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._windows: dict[Any, BrowserContext] = {}
        self._before: set[psutil.Process] = set()
        self.started: list[psutil.Process] = []  # the first process of Chromium

    @property
    def browser(self) -> Browser:
        if self._browser is None:
            self.turn += 1
            self._before = set(psutil.Process().children())
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
            self.started = [one for driver in self.drivers() for one in driver.children()]
        return self._browser

    def window(self, which: Any = None, **more: Any) -> BrowserContext:
        """The window that stays open under this name; opened if there is none yet."""
        if which not in self._windows:
            opened = self.browser.new_context(**more)
            opened.on("page", lambda page: page.on("crash", self._crash))
            self._windows[which] = opened
        return self._windows[which]

    def _crash(self, _: Page) -> None:
        self.crashed = True

    def lost(self) -> bool:
        """Started, and gone without having been told to, or a page of it."""
        return self.crashed or (self._browser is not None and not (self._browser.is_connected() and self.drivers()))

    def drivers(self) -> list[psutil.Process]:
        """Playwright's own process, where it runs: what this process started since then."""
        if self._playwright is None and self._browser is None and not self.turn:
            return []
        return [one for one in psutil.Process().children() if one not in self._before and _runs(one)]

    def chromium(self) -> list[psutil.Process]:
        """Every process of the browser; of one whose driver has gone, too."""
        found = {root for root in self.started if root.is_running()}
        for above in [*self.drivers(), *found]:
            with contextlib.suppress(psutil.NoSuchProcess):
                found |= set(above.children(recursive=True))
        return list(found)

    def kill_chromium(self) -> None:
        _kill(self.chromium())

    def kill_driver(self) -> None:
        _kill(self.drivers())

    def drop(self) -> None:
        """The end of all of it, however it stands; it is started anew when next asked for."""
        self.kill_chromium()
        self.kill_driver()
        self._forget()

    def close(self) -> None:
        """The end of one that answers, if it does."""
        if self.lost():
            self.drop()
        elif self._browser is not None:
            self._browser.close()
        self._forget()

    def _forget(self) -> None:
        stopping, self._playwright, self._browser, self._windows, self.started, self.crashed = self._playwright, None, None, {}, [], False
        if stopping is not None:
            with contextlib.suppress(Exception):  # of a driver that was ended: that it was
                stopping.stop()
        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        try:  # what of it was never awaited is no fault of the next test
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                del stopping
                gc.collect()
        finally:
            sys.unraisablehook = hook


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _kill(processes: list[psutil.Process]) -> None:
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
