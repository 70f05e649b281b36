"""The pictures of the guide and the README, taken from a running demonstration.

`python -m tools.pictures http://127.0.0.1:8000 docs/pictures`
Changes nothing that stays: the draft and the import that are shown are thrown away again.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from apps.demo.accounts import PASSWORD

PHONE, DESKTOP = (390, 844), (1120, 760)
LANGUAGES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-GB")}  # folder: cookie, locale of the browser
COLOURS = 128  # enough for screens of text, and a third of the size

# A roster as people have them, with two faults to find: an ID number with a wrong last digit, a year of two digits.
ROSTER = """检验室党员花名册
序号,姓 名,性别,民族,身份证号码,入党时间,转正时间,党员类别
1,白静宜,女,汉族,990000199003070048,2015.6.8,2016.6.8,正式党员
2,方 圆,男,汉,990000198501150038,2008年7月1日,2009年7月1日,正式
3,高小川,女,满族,990000197203150023,1998.6,1999.06,正式党员
4,罗 敏,女,汉族,,25.12,,预备党员
合计,4
"""


def home(page: Any) -> None:
    pass


def log(page: Any) -> None:
    page.goto(page.locator("a[href$='/log/']").first.get_attribute("href"))
    page.locator("button[name=kind][value=committee_meeting]").click()
    page.locator(".log-next button[name=go][value='2']").click()
    page.locator(".person").nth(1).click()
    page.wait_for_timeout(2500)  # the autosave
    page.goto(page.url.split("?")[0] + "?step=2")


def throw_away(page: Any) -> None:
    page.locator("form[action$='/discard/']").first.evaluate("form => form.requestSubmit()")
    page.wait_for_load_state()


def roster(page: Any) -> None:
    page.goto(page.locator("a[href$='/members/']").first.get_attribute("href") + "import/")
    file = {"name": "检验室花名册.csv", "mimeType": "text/csv", "buffer": ROSTER.encode("utf-8-sig")}
    page.locator("input[type=file]").set_input_files([file])
    page.locator("main form button[type=submit]").first.click()
    page.locator("form[action$='/discard/']").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")


def late(page: Any) -> None:
    row = page.locator("main li", has=page.locator("a[href*='/log/?kind=']")).first
    page.goto(row.locator("a[href*='/duties/']").first.get_attribute("href"))


def branches(page: Any) -> None:
    page.goto(page.locator("a[href$='/duties/branches/']").first.get_attribute("href"))


def board(page: Any) -> None:
    page.goto(page.locator("a[href$='/duties/']").first.get_attribute("href"))


def first(selector: str) -> Callable[[Any], None]:
    """Opens the first such link of the home page or its menu."""

    def go(page: Any) -> None:
        page.goto(page.locator(selector).first.get_attribute("href"))

    return go


@dataclass(frozen=True)
class Picture:
    name: str
    user: str
    size: tuple[int, int]
    steps: Callable[[Any], None]
    after: Callable[[Any], None] = home
    languages: tuple[str, ...] = ("zh", "en")
    folder: bool = True  # one for each language


PICTURES = (
    Picture("home", "lifang", PHONE, home),
    Picture("log", "lifang", PHONE, log, after=throw_away),
    Picture("answer", "wangjianguo", PHONE, home),
    Picture("import", "majun", DESKTOP, roster, after=throw_away),
    Picture("late", "tangli", DESKTOP, late),
    Picture("branches", "hewei", (1440, 760), branches),
    Picture("report", "lifang", DESKTOP, first("main a[href*='/reports/20']")),
    Picture("review", "hewei", (1440, 900), first("main a[href$='/review/']")),
    Picture("assignment", "lifang", PHONE, first("main a[href*='/assignments/']")),
    Picture("reminders", "wangjianguo", PHONE, lambda page: page.goto("/me/reminders/")),
    Picture("ledger", "lifang", (1440, 760), first("a[href$='/rectifications/']")),
    Picture("visit", "hewei", PHONE, first("main a[href$='/fill/']")),
    Picture("survey", "wangjianguo", PHONE, first("main a[href^='/surveys/']")),
    Picture("voices", "lifang", PHONE, first("a[href$='/voices/']")),
    Picture("duties", "lifang", (1440, 1080), board, languages=("zh",), folder=False),
)


def sign_in(page: Any, user: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/")


def save(shot: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}  {picture.width} × {picture.height}, {path.stat().st_size // 1024} KB")


def take(browser: Any, base: str, folder: Path, picture: Picture, language: str) -> None:
    cookie, locale = LANGUAGES[language]
    width, height = picture.size
    phone = picture.size == PHONE
    context = browser.new_context(
        base_url=base, locale=locale, timezone_id="Asia/Shanghai", has_touch=phone, is_mobile=phone,
        viewport={"width": width, "height": height}, device_scale_factor=2 if phone else 1, reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies([{"name": "zhibu_language", "value": cookie, "url": base}])
    page = context.new_page()
    sign_in(page, picture.user)
    picture.steps(page)
    page.wait_for_load_state("networkidle")
    shot = page.screenshot(animations="disabled")
    picture.after(page)
    save(shot, folder / language / f"{picture.name}.png" if picture.folder else folder / f"{picture.name}.png")
    context.close()


def main(base: str, folder: str) -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("Needs Chromium. Debian: sudo apt-get install chromium fonts-noto-cjk")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            for language in picture.languages:
                take(browser, base.rstrip("/"), Path(folder), picture, language)
        browser.close()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
