"""A missing browser is told loudly, and fails where it is required."""

import pytest
from _pytest.outcomes import Failed, Skipped

from tests import chromium


def test_without_a_browser_the_tests_are_skipped_and_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "CHROMIUM", None)
    monkeypatch.delenv("TRIPLEMEM_REQUIRE_BROWSER", raising=False)
    with pytest.raises(Skipped, match=r"NO CHROMIUM.*apt-get install chromium"):
        chromium.chromium()


def test_without_a_browser_that_is_required_the_tests_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "CHROMIUM", None)
    monkeypatch.setenv("TRIPLEMEM_REQUIRE_BROWSER", "1")
    with pytest.raises(Failed, match="NO CHROMIUM"):
        chromium.chromium()


def test_a_browser_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPLEMEM_CHROMIUM", "/bin/sh")
    assert chromium.find_chromium() == "/bin/sh"
    monkeypatch.setenv("TRIPLEMEM_CHROMIUM", "/no/such/browser")
    assert chromium.find_chromium() is None
