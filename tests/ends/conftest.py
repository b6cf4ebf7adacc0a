"""Tests of what ends tests."""

from __future__ import annotations

from tests.browser.hung import *  # noqa: F403  (its hooks and the fixture `engine`)
