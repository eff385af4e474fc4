"""How a slide looks on the wall: one block of HTML whose type follows the width of the screen."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.dispatch.exports.style import colour, meaning_of
from core.dispatch.slide_model import Number, Slide
from pages import cache
from pages.common.view import View

__all__ = ["STYLE", "show_slide"]

# At 1920 pixels 1.25vw are 24: the smallest type on the stage. Streamlit's own frame is not drawn while presenting.
# Slide and bar fill the window: the figure takes what titles of any length leave; on a phone the page scrolls.
STYLE = """<style>
header[data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stLogo"] { display: none }
.block-container, [data-testid="stMainBlockContainer"] { padding: 1.2vh 2vw 0.6vh; max-width: none }
.slide { height: 89vh; display: flex; flex-direction: column; gap: 1.2vh }
.slide h1 { font-size: clamp(20px, 2.3vw, 60px); line-height: 1.25; margin: 0; padding: 0; font-weight: 700 }
.slide .section { font-size: clamp(14px, 1.25vw, 30px); opacity: .75; display: flex; justify-content: space-between }
.slide .body { flex: 1; display: flex; gap: 2vw; align-items: stretch; min-height: 0 }
.slide .numbers { flex: 0 0 19%; display: flex; flex-direction: column; justify-content: center; gap: 2.4vh }
.slide .number b { display: block; font-size: clamp(28px, 3.6vw, 90px); line-height: 1.05; font-weight: 700 }
.slide .number b.long { font-size: clamp(22px, 2.4vw, 60px) }
.slide .number i { font-style: normal }
.slide .number span { display: block; font-size: clamp(14px, 1.3vw, 34px) }
.slide .number small { display: block; font-size: clamp(13px, 1.25vw, 30px); opacity: .8 }
.slide .figure { flex: 1; min-width: 0; min-height: 0; display: flex; align-items: center }
.slide .figure img { width: 100%; max-height: 100%; object-fit: contain; object-position: left center }
.slide .question { font-size: clamp(16px, 1.55vw, 42px); margin: 0; padding: .6vh 0 .6vh .9vw; border-left: .35vw solid #1F5597 }
.slide .foot { font-size: clamp(12px, 1.25vw, 26px); opacity: .75; margin: 0; display: flex; gap: 2vw; justify-content: space-between }
.st-key-stage_bar p { font-size: clamp(13px, 1.05vw, 24px); white-space: nowrap }
.st-key-stage_bar > * { flex-shrink: 0 }
@media (max-width: 700px) {
  .slide { height: auto; min-height: 89vh } .slide .figure img { max-height: 66vh }
  .slide .body { flex-direction: column } .slide .numbers { flex-direction: row; justify-content: space-between }
  .slide .foot { flex-direction: column; gap: .3vh }
}
</style>"""
LONG = 6  # letters of a big number that still stand on one line
WIDE, NARROW, HEIGHT = 1790, 1410, 660  # of a figure at 1920 × 1080: alone, and beside numbers
ON_A_PHONE = 720, 1000


def show_slide(view: View, slide: Slide, position: str, stamp: str, badge: str = "") -> None:
    """The slide; ``position`` is '5 / 13', ``badge`` a word that stands out (not frozen)."""
    figure = ""
    if slide.figure is not None:
        size = ON_A_PHONE if view.is_handheld else (NARROW if slide.numbers else WIDE, HEIGHT)
        figure = cache.meeting.picture(slide.figure, view.tr, *size, view.is_dark)  # an <img>: SVG is filtered
    numbers = "".join(_number(view, number) for number in slide.numbers)
    mark = f" <strong>{escape(badge)}</strong>" if badge else ""
    st.html(
        f'<div class="slide" data-slide="{escape(slide.code)}">'
        f'<div class="section"><span>{escape(slide.section)}{mark}</span><span>{escape(position)}</span></div>'
        f"<h1>{escape(slide.title)}</h1>"
        f'<div class="body">{f"""<div class="numbers">{numbers}</div>""" if numbers else ""}'
        f'<div class="figure">{figure}</div></div>'
        f'<p class="question">{escape(slide.question)}</p>'
        f'<p class="foot"><span>{escape(slide.sources)}</span><span>{escape(stamp)}</span></p></div>'
    )


def _number(view: View, number: Number) -> str:
    light = ""
    if number.light is not None:
        shape = f'<i style="color:{colour(meaning_of(number.light), view.is_dark)}">{number.light.shape}</i>'
        light = f"<span>{shape} {escape(view.tr.term(number.light))}</span>"
    note = f"<small>{escape(number.note)}</small>" if number.note else ""
    size = ' class="long"' if len(number.text) > LONG else ""
    return (
        f'<div class="number"><b{size}>{escape(number.text)}</b><span>{escape(number.label)}</span>{light}{note}</div>'
    )
