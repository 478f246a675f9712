"""A page of HTML: data stays data, scripts run by digest alone, nothing filled in is read again."""

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.page import embedded, filled, policy

TEMPLATE = "<meta {{policy}}><title>{{title}}</title><style>{{style}}</style><script>{{data}}</script>{{scripts}}"


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_embedded_data_is_read_back_as_it_was(data: object) -> None:
    assert json.loads(embedded(data)) == data


@given(st.text(st.characters(categories=["L", "P", "S", "Z", "C"])))
def test_no_embedded_character_can_end_a_script_or_a_line(text: str) -> None:
    assert not re.search("[<>&\u2028\u2029\n\r\x00]", embedded([text, {text: text}]))


def test_a_lone_surrogate_can_be_written() -> None:
    assert embedded("\ud800").encode() == b'"\\ud800"'


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        embedded(float("nan"))


def test_scripts_are_named_by_their_digest_and_everything_else_is_barred() -> None:
    said = policy(["let a = 1;"])
    digest = b64encode(sha256(b"let a = 1;").digest()).decode()
    assert "default-src 'none'" in said
    assert f"script-src 'sha256-{digest}'" in said
    assert "unsafe" not in said.replace("style-src 'unsafe-inline'", "")
    assert "connect-src" not in said


def test_what_is_filled_in_is_not_read_as_a_place() -> None:
    page = filled(TEMPLATE, title="{{data}} <b>", style="p {}", scripts=["1;"], data="{{scripts}} </script>")
    assert "<title>{{data}} &lt;b&gt;</title>" in page
    assert page.count("<script>1;</script>") == 1
    assert page.count("</script>") == 2


def test_the_digest_is_of_the_text_that_the_browser_reads() -> None:
    page = filled(TEMPLATE, title="", style="", scripts=["1;\r\n2;\r"], data=None)
    assert "<script>1;\n2;\n</script>" in page
    assert b64encode(sha256(b"1;\n2;\n").digest()).decode() in page.replace("&#x27;", "'")


@pytest.mark.parametrize("text", ["</script >", "</SCRIPT", "<!-- x", "\x00"])
def test_a_script_of_ours_that_would_end_its_element_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="would end its script element"):
        filled(TEMPLATE, title="", style="", scripts=[text], data=None)
