"""The theme that a page sends is the same when its settings are read once."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime.app_session import _populate_theme_msg

from pages._kit import theme

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


def test_what_is_read_once_is_what_was_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, read = [], config.get_options_for_section

    def counted(section: str) -> dict[str, object]:
        asked.append(section)
        return read(section)

    before = [sent(section) for section in SECTIONS]
    monkeypatch.setattr(config, "get_options_for_section", counted)
    theme.settle()
    assert [sent(section) for section in SECTIONS] == before
    assert [sent(section) for section in SECTIONS] == before
    assert asked == list(SECTIONS)
    assert before[1].primary_color == "#0068A3"


def sent(section: str) -> CustomThemeConfig:
    message = CustomThemeConfig()
    _populate_theme_msg(message, section)
    return message
