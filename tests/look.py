"""Save a picture of pages as a person gets them, on the sample district.

python -m tests.look matching --lang en --size 390x844 --dark       # → pictures/matching_en_390x844_dark.png
python -m tests.look "people?person=124" job_map --full             # the whole page, as long as it is
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.batch.__main__ import main as compute_nightly
from tests.browser.conftest import CHROMIUM, FLAGS, SETTLED, TOKEN, give_cookie, serve
from tests.stores import KEY, copy_of, meeting_store

PHONE = 500  # pixels: a narrower window is a phone's, which the app knows by its name
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
DRAWN = 1_500  # milliseconds that maps and charts take once the script has run


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="overview, job_map, 'matching?job=148' …")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--size", default="1440x900", help="of the window (default 1440x900)")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--full", action="store_true", help="the whole page, not the window alone")
    parser.add_argument("--out", type=Path, default=Path("pictures"), help="folder (default pictures/)")
    parser.add_argument("--plain", action="store_true", help="name the files by page alone")
    parser.add_argument("--night", action="store_true", help="with the nightly runs done")
    options = parser.parse_args()

    options.out.mkdir(parents=True, exist_ok=True)
    with _app(with_nightly_runs=options.night) as url, _browser() as browser:
        page = _window(browser, options.size, is_dark=options.dark)
        size = page.viewport_size
        assert size is not None
        for address in options.pages:
            page.set_viewport_size(size)
            page.goto(f"{url}/{_with_language(address, options.lang)}", wait_until="domcontentloaded")
            page.wait_for_function(SETTLED, timeout=60_000)
            page.wait_for_timeout(DRAWN)
            name = re.sub(r"\W+", "_", address)
            if not options.plain:
                name = "_".join([name, options.lang, options.size, *(["dark"] if options.dark else [])])
            path = options.out / f"{name}.png"
            if options.full:
                _grow(page)
            page.screenshot(path=path)
            with Image.open(path) as picture:
                picture.convert("RGB").quantize(256).save(path, optimize=True)
            print(path)


def _with_language(address: str, lang: str) -> str:
    page, _, query = address.partition("?")
    page = "" if page == "overview" else page
    return f"{page}?{query}&lang={lang}" if query else f"{page}?lang={lang}"


@contextmanager
def _app(*, with_nightly_runs: bool) -> Iterator[str]:
    os.environ["SERVER_KEY"] = KEY.decode()
    with tempfile.TemporaryDirectory() as folder:
        store = copy_of(meeting_store(), Path(folder))
        if with_nightly_runs:
            os.environ["DATABASE_URL"] = str(store.url)
            for command in ("match", "access", "assign"):
                compute_nightly([command])
        with serve(Path(folder), Path(str(store.url.database))) as server:
            yield server.url


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _window(browser: Browser, size: str, *, is_dark: bool) -> Page:
    width, height = map(int, size.split("x"))
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        color_scheme="dark" if is_dark else "light",
        is_mobile=width < PHONE,
        user_agent=PHONE_AGENT if width < PHONE else None,
    )
    give_cookie(context, TOKEN)
    return context.new_page()


def _grow(page: Page) -> None:
    """Make the window as high as the page, which scrolls inside the main part of the window."""
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.wait_for_function(SETTLED, timeout=60_000)
    page.wait_for_timeout(DRAWN)


if __name__ == "__main__":
    main()
