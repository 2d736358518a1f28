"""One cell of a notebook in the browser: an editor with highlighting, a bar with actions, and a draft that is kept.

    edited = code_cell(draft, key="ps1-2a", label="Question 2a", keep=save_draft, owner=f"{student} {assignment}")
    if edited.asked == "Check":
        check(edited.text)

What is typed reaches Python 0.7 s after the last key, on leaving the field, before an action and when the page is
hidden. `keep` is called with it at once, before the page draws, and only when it has returned the cell says "Saved".
Nothing that arrives is trusted: `received` checks form, length and order.

The text lives in the session while its page is open; who comes back later begins with `source` again, so hand in the
draft. Act on `asked` before drawing anything below: the next letters typed may interrupt a page that still draws.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, TypeGuard

import streamlit as st

from core.errors import CoreError, LimitError
from pages._kit.component import component
from pages._kit.look import CODE

MOST = 200_000  # letters of a cell; our longest solution has 6,000
COUNTER = 1_000_000_000  # a browser counts what it sends
SCRIPT = Path(__file__).parent / "static" / "code_cell.js"


@dataclass(frozen=True)
class Edited:
    """What stands in the editor now, and the action that was asked for in this run of the page, or ""."""

    text: str
    asked: str


@dataclass(frozen=True)
class Message:
    """What a browser sent: from which editor, its number, the text, and an action asked for with its number."""

    editor: str
    count: int
    text: str
    ask: int = 0
    asked: str = ""


@dataclass(frozen=True)
class _Kept:
    """A cell within a session: which version its text belongs to, the last message, what the page has not seen yet."""

    version: int
    text: str
    last: Message | None = None
    ask: int = 0
    asked: str = ""


def code_cell(
    source: str,
    *,
    key: str,
    label: str,
    language: Literal["python", "markdown"] = "python",
    actions: Sequence[str] = ("Run", "Check"),
    busy: bool = False,
    version: int = 0,
    keep: Callable[[str], object] | None = None,
    owner: str = "",
    lines: tuple[int, int] = (3, 28),
) -> Edited:
    """Show an editor that begins with `source`, and return what stands in it and which action was asked for.

    Another `version` replaces the text by `source`, as one change that can be undone. While `busy`, actions rest and
    typing goes on. `label` is what a screen reader calls the field. It is at least and at most so many `lines` high,
    beyond that it scrolls. Run (or Preview) has the shortcut Shift+Enter, Check has Ctrl+Shift+Enter.

    `owner` names whose text of what this is. Then what could not be sent any more when a tab was loaded again is found
    there again, by the same owner only.
    """
    if len(source) > MOST:
        raise LimitError(f"at most {MOST} letters in one cell, got {len(source)}")
    slot = f"{key}:cell"  # not with a _, so that it is forgotten when its page is left
    kept: _Kept | None = st.session_state.get(slot)
    if kept is None or kept.version != version:
        kept = st.session_state[slot] = _Kept(version, source)
    last = kept.last
    mount = component("code_cell", html=f'<div class="cell" style="{_colours()}"></div>', base=("elements",))
    mount(
        data={
            "key": key,
            "text": kept.text,
            "version": version,
            "seen": {"from": last.editor, "count": last.count, "asked": kept.ask} if last else None,
            "label": label,
            "language": language,
            "actions": list(actions),
            "busy": busy,
            "lines": list(lines),
            "most": MOST,
            "owner": owner,
            "script": f"app/static/{SCRIPT.name}?v={_fingerprint()}",
        },
        key=key,
        on_sent_change=lambda: _take(key, version, tuple(actions), busy, keep),
    )
    st.session_state[slot] = replace(kept, asked="")
    return Edited(kept.text, kept.asked)


def received(sent: object, actions: Sequence[str], version: int) -> Message | None:
    """What a browser sent, or nothing if it is about another version of the text; anything else is refused.

    >>> received({"from": "a1", "count": 1, "text": "x = 1", "asked": [1, "Run"], "version": 0}, ["Run"], 0)
    Message(editor='a1', count=1, text='x = 1', ask=1, asked='Run')
    """
    if not isinstance(sent, dict) or not _is_count(sent.get("version"), least=-COUNTER):
        raise CoreError("a message says what is in the editor, and of which version")
    if sent["version"] != version:
        return None
    editor, count, text, asked = (sent.get(name) for name in ("from", "count", "text", "asked"))
    if not isinstance(editor, str) or not re.fullmatch("[a-z0-9]{1,16}", editor) or not _is_count(count):
        raise CoreError("a message names its editor, and has a number")
    if not isinstance(text, str) or len(text) > MOST:
        raise CoreError(f"a text has at most {MOST} letters")
    if asked is None:
        return Message(editor, count, _plain(text))
    if not isinstance(asked, list) or len(asked) != 2 or not _is_count(asked[0]) or asked[1] not in actions:
        raise CoreError("what is asked for has a number, and is one of the actions")
    return Message(editor, count, _plain(text), asked[0], asked[1])


def _take(key: str, version: int, actions: tuple[str, ...], busy: bool, keep: Callable[[str], object] | None) -> None:
    """Keep what was typed; what came too late, twice or is nonsense is dropped. Only then is it answered."""
    slot = f"{key}:cell"
    try:
        message = received(st.session_state[key].sent, actions, version)
    except (CoreError, KeyError):  # a page that was left has no such key any more
        return
    kept: _Kept = st.session_state.get(slot) or _Kept(version, "")
    if message is None or kept.version != version:
        return
    before = kept.last if kept.last and kept.last.editor == message.editor else None  # each editor counts anew
    if before and before.count >= message.count:
        return
    if keep is not None and message.text != kept.text:
        keep(message.text)
    ask = kept.ask if before else 0
    new = message.asked if message.ask > ask and not busy else ""  # a message may come twice, its action runs once
    asked = new or kept.asked
    st.session_state[slot] = _Kept(version, message.text, message, max(ask, message.ask), asked)


@cache
def _colours() -> str:
    """The colours of code, each for light and for dark: the page says which of them holds."""
    return "; ".join(f"--{kind}: light-dark({colour}, {CODE['dark'][kind]})" for kind, colour in CODE["light"].items())


@cache
def _fingerprint() -> str:
    """Of the editor's script: another one has another address, so that no browser shows an old one."""
    if not SCRIPT.exists():
        return ""
    with SCRIPT.open(encoding="utf-8") as script:
        return script.readline().removeprefix("//").strip()[:16]


def _is_count(value: object, least: int = 1) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= COUNTER


def _plain(text: str) -> str:
    """Without what no database and no message can hold: halves of letters, and the letter of number 0."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
