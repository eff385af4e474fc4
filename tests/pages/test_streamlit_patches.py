"""The status that a browser receives of a fragment that finished just before the next one starts."""

from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.streamlit_patches.fragment_status import DONE, keep_finished


def waiting_status(monkeypatch: pytest.MonkeyPatch, kept: bool) -> int:
    """The status that waits in a session's queue once the next fragment has started."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)  # puts the plain one back afterwards
    if kept:
        keep_finished()
    queue = ForwardMsgQueue()
    message = ForwardMsg()
    message.script_finished = DONE
    queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["next"])
    (waiting,) = queue.flush()
    return int(waiting.script_finished)


def test_a_finished_fragment_is_reported_as_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waiting_status(monkeypatch, kept=True) == DONE


def test_streamlit_alone_still_reports_it_as_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once this fails, Streamlit has fixed it and ``pages/streamlit_patches/fragment_status.py`` can go."""
    assert waiting_status(monkeypatch, kept=False) != DONE
