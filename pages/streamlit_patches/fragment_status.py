"""A finished fragment stays finished in the browser when the next one starts before its messages have left.

Streamlit 1.67 rewrites a waiting "fragment finished" to "finished early" as soon as another fragment runs, here the
heartbeat; the browser then keeps what the run no longer drew, such as the card of a person who is not shown any more.
The rewriting came with https://github.com/streamlit/streamlit/pull/9187 (for elements that vanished, issue 9163) and
reached fragments with https://github.com/streamlit/streamlit/pull/9381; a fragment beside a finished run of the whole
page was exempted later, one beside another fragment was not. No issue names this case; the nearest open one is
https://github.com/streamlit/streamlit/issues/16708, where the clean-up after a fragment is lost to a later run.
"""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

__all__ = ["keep_finished"]

DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def keep_finished() -> None:
    """Wrap the clearing of a session's queue, once."""
    plain = ForwardMsgQueue.clear

    def clear(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        waiting = list(queue._queue)
        done = [m for m in waiting if m.WhichOneof("type") == "script_finished" and m.script_finished == DONE]
        plain(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        if fragment_ids_this_run and len(queue._queue) == len(waiting):  # nothing that was drawn is lost
            for message in done:
                message.script_finished = DONE

    ForwardMsgQueue.clear = clear  # type: ignore[method-assign]
