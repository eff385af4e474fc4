"""Values that no list knows: a person says what they mean, once for this bureau; and the list of what was taught."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.intake.learning import allowed_words, forget_word, learn_word, unknown_words
from core.intake.planning.plan import ImportPlan
from core.intake.sheets import SHEETS
from core.store.commands import NotFound
from pages import cache
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.data.tables import SHOWN

__all__ = ["learnt_words", "teach_words"]


def teach_words(view: View, plan: ImportPlan) -> None:
    """Each unknown value with the word that it is nearest to; what is chosen is remembered and read at once."""
    tr, words = view.tr, unknown_words(plan.findings)[:SHOWN]
    if not words:
        return
    with st.container(border=True):
        st.markdown(f"**{tr.plural('{n} value is not in its list', '{n} values are not in their lists', len(words))}**")
        st.caption(tr("Choose what it means: it is remembered for the next files, and listed under “Learnt words”."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                tr("Value in the file"),
                range(len(words)),
                format_func=lambda n: tr(
                    "{column}: {value} ({n} rows)", column=words[n].column, value=words[n].text, n=words[n].rows
                ),
                key=Key.IMPORT_WORDS.of(plan.request.sha256),
                width=360,
            )
            word = words[min(chosen or 0, len(words) - 1)]
            allowed = allowed_words(word.scope, plan.words)
            meaning = st.selectbox(
                tr("Means"),
                allowed,
                index=allowed.index(word.suggestion) if word.suggestion in allowed else None,
                placeholder=tr("choose"),
                key=Key.IMPORT_LEARN.of(word.scope, word.text),
                width=300,
            )
            is_ready = meaning is not None
            if st.button(tr("Remember"), disabled=not is_ready, key=Key.IMPORT_LEARN.of("button")):
                learn_word(cache.store.database(), word.scope, word.text, str(meaning), view.access, datetime.now(UTC))
                st.rerun()


def learnt_words(view: View) -> None:
    """Headers and values that were mapped by hand; each can be forgotten."""
    tr, table = view.tr, cache.data.learnt_words(view.revision)
    if table.empty:
        st.write(tr("No word was taught yet. Headers and values that you map by hand while importing are listed here."))
        return
    labels = {code: {c.code: c.label(tr) for c in sheet.columns} for code, sheet in SHEETS.items()}
    show_table(
        view,
        pd.DataFrame(
            {
                tr("In the file"): table["text"],
                tr("Read as"): [
                    labels.get(scope, {}).get(meaning, meaning) if is_header else meaning
                    for scope, is_header, meaning in zip(
                        table["scope"], table["is_header"], table["meaning"], strict=True
                    )
                ],
                tr("Kind"): [tr("header") if is_header else tr("value") for is_header in table["is_header"]],
                tr("Who"): table["actor"],
                tr("When"): [tr.time(moment) for moment in table["at"]],
            }
        ),
        tr("Learnt words"),
        height="auto",
    )
    texts = dict(zip(table["id"], table["text"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.selectbox(
            tr("Forget a word"),
            list(texts),
            index=None,
            format_func=lambda number: texts[number],
            placeholder=tr("choose"),
            key=Key.LEARNT_WORD,
            width=300,
        )
        if st.button(tr("Forget"), disabled=word is None, key=Key.FORGET_WORD):
            try:
                forget_word(cache.store.database(), int(word), view.access, datetime.now(UTC))
            except NotFound:
                st.info(tr("Somebody removed this word already."))
                return
            st.rerun()
