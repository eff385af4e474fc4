"""What a person would see at a glance on a page: text that is cut, that lies upon other text, or that is too faint.

Texts in canvases (tables, maps) are not seen by it, nor is the colour of texts in charts and above the thumb of a slider.
"""

from __future__ import annotations

from typing import cast

from playwright.sync_api import Page

__all__ = ["illegible", "sideways"]

PROBE = """() => {
  const shown = (element) => {
    if (element.closest('details:not([open])') && !element.closest('summary')) return false;
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.display === 'none' || style.visibility === 'hidden' || +style.opacity < 0.1) return false;
    }
    return true;
  };
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const over = (top, alpha, ground) => ground.map((value, n) => top[n] * alpha + value * (1 - alpha));
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(e).backgroundColor);
      if (a > 0) layers.push([[r, g, b], a]);
      if (a >= 1) break;
    }
    return layers.reverse().reduce((below, [colour, alpha]) => over(colour, alpha, below), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = [];
  const walker = document.createTreeWalker(document.querySelector('[data-testid=stMain]'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.nodeValue.trim(), element = node.parentElement;
    if (!/[\\p{L}\\d]/u.test(words) || ['SCRIPT', 'STYLE'].includes(element.tagName) || element.closest('canvas') || !shown(element)) continue;
    if (getComputedStyle(element).fontFamily.includes('Material')) continue;  // an icon
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((line) => line.width > 1 && line.height > 1);
    if (lines.length) texts.push({ words: words.slice(0, 40), element, box: range.getBoundingClientRect(), lines });
  }
  const cut = [], upon = [], faint = [];
  for (const { words, element, box } of texts) {
    let scrolls = false;
    for (let e = element; e && e !== document.body && !scrolls; e = e.parentElement) {
      const style = getComputedStyle(e), edge = e.getBoundingClientRect();
      scrolls = /auto|scroll/.test(style.overflowX) && e.dataset.testid !== 'stMain';
      if (scrolls && e.scrollWidth > e.clientWidth + 2 && box.right > edge.right + 2) cut.push(`${words} (out of sight)`);
      if (!scrolls && /hidden|clip/.test(style.overflowX) && box.right > edge.right + 2) cut.push(words);
    }
    const style = getComputedStyle(element);
    if (element.closest('svg, :disabled, [aria-disabled=true], [data-disabled], [data-testid=stSliderThumbValue]')) continue;
    let alpha = numbers(style.color)[3] ?? 1;
    for (let e = element; e; e = e.parentElement) alpha *= +getComputedStyle(e).opacity;
    const below = ground(element), ink = over(numbers(style.color), alpha, below);
    const [dark, light] = [luminance(ink), luminance(below)].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.6 && +style.fontWeight >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${words} (${ratio.toFixed(1)})`);
  }
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const [a, b] = [texts[i], texts[j]];
    const meet = (p, q) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 3
      && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 0.45 * Math.min(p.height, q.height);
    if (a.element !== b.element && a.lines.some((p) => b.lines.some((q) => meet(p, q)))) upon.push(`${a.words} × ${b.words}`);
  }
  return { cut, upon, faint };
}"""


def illegible(page: Page) -> dict[str, list[str]]:
    """Texts of an open page that are ``cut`` (or scrolled out of sight sideways), lie ``upon`` each other, or are ``faint``:
    below the contrast of WCAG 2.2 AA. Empty lists where all is well."""
    return cast("dict[str, list[str]]", page.evaluate(PROBE))


SIDEWAYS = """() => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stDataFrame] .dvn-scroller')]
  .filter((table) => table.scrollWidth > table.clientWidth + 4)
  .map((table) => [...table.querySelectorAll('canvas th')].map((heading) => heading.textContent).join(' | '))"""


def sideways(page: Page) -> list[str]:
    """The headings of each table of an open page that is wider than its place, so that columns are out of sight."""
    return cast("list[str]", page.evaluate(SIDEWAYS))
