"""Files in a real browser: brought, looked at, followed by a newer one, taken along again."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import settled
from tests.browser.test_journeys import fill_register, upload, visit
from tests.running_app import RunningApp

__all__ = ["visit"]

JANUARY = "id;day;amount\n" + "".join(
    f"{n:03d};{1 + n % 28:02d}.01.2026;{n},5\n" for n in range(99)
)


def dialog_with(page: Page, path: Path) -> None:
    page.get_by_label("File to upload").set_input_files(path)
    expect(page.get_by_role("button", name="Load it")).to_be_visible()
    settled(page)


def test_a_file_its_quarantine_and_a_newer_version(
    visit: Callable[[], Page], tmp_path: Path
) -> None:
    first, second = tmp_path / "january.csv", tmp_path / "february.csv"
    first.write_text(JANUARY + "099;01.02.2026;=oops\n", "utf-8")
    second.write_text("id;day;amount;town\n100;02.02.2026;7,5;Bern\n101;later;8,5;Graz\n", "utf-8")
    page = visit()
    fill_register(page, "filer")
    upload(page, first)
    expect(page.get_by_text("january.csv · 100 rows")).to_be_visible()

    page.get_by_role("button", name="1 did not fit").click()
    link = page.get_by_role("link", name="Download as CSV")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    told = Path(download.value.path()).read_text("utf-8-sig")
    assert list(csv.reader(told.splitlines())) == [
        ["table", "row", "column", "value", "expected"],
        ["january", "101", "amount", "'=oops", "numbers"],
    ]
    page.keyboard.press("Escape")
    settled(page)

    page.locator("[class*=st-key-renew-file]").get_by_role("button").click()
    dialog_with(page, second)
    expect(page.get_by_text("New columns: town.")).to_be_visible()
    expect(page.get_by_text("day was date, here it is text.")).to_be_visible()
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text("january.csv + 1 more · 102 rows")).to_be_visible()
    expect(page.get_by_role("button", name="2 did not fit")).to_be_visible()

    with page.expect_download() as download:
        page.locator("a[href$='/original']").first.click()
    assert Path(download.value.path()).read_bytes() == second.read_bytes()


def test_a_file_that_is_no_table_says_what_to_do(visit: Callable[[], Page], tmp_path: Path) -> None:
    path = tmp_path / "packed.csv"
    path.write_bytes(b"\x1f\x8b and so on")
    page = visit()
    fill_register(page, "packer")
    page.get_by_role("link", name="Connections").click()
    page.get_by_role("button", name="Upload a file").click()
    page.get_by_label("File to upload").set_input_files(path)
    expect(page.get_by_text("This is a packed file (gzip), not a table.")).to_be_visible()
    expect(page.get_by_text("Unpack it and upload")).to_be_visible()
    expect(page.get_by_role("button", name="Load it")).to_have_count(0)


@pytest.mark.parametrize(
    ("method", "path", "origin", "status"),
    [
        ("POST", "/files?name=a.csv", None, 403),
        ("POST", "/files?name=a.csv", "http://elsewhere.example", 403),
        ("GET", "/files/00000000-0000-0000-0000-000000000000/original", None, 403),
        ("GET", "/files/00000000-0000-0000-0000-000000000000/quarantine.csv", None, 403),
    ],
)
def test_nobody_brings_or_takes_files_without_signing_in(
    running_app: RunningApp, method: str, path: str, origin: str | None, status: int
) -> None:
    request = Request(running_app.url + path, data=b"a\n1\n" if method == "POST" else None)
    if origin:
        request.add_header("origin", origin)
    with pytest.raises(HTTPError) as caught:
        urlopen(request, timeout=10)
    assert caught.value.code == status
    assert json.loads(caught.value.read())["hint"]
    caught.value.close()


def test_a_signed_in_person_sees_only_his_own_files(visit: Callable[[], Page]) -> None:
    page = visit()
    fill_register(page, "looker")
    settled(page)
    base = page.url.split("/", 3)
    home = f"{base[0]}//{base[2]}"
    for name in ("original", "quarantine.csv"):
        answer = page.request.get(f"{home}/files/00000000-0000-0000-0000-000000000000/{name}")
        assert answer.status == 404
        assert page.request.get(f"{home}/files/nothing/{name}").status == 404
    come = page.request.post(f"{home}/files?name=..%2Fa%20b.csv", data=b"a\n1\n")
    assert come.json()["name"] == "a b.csv"
    foreign = page.request.post(
        f"{home}/files?name=a.csv", data=b"a\n", headers={"origin": "http://elsewhere.example"}
    )
    assert foreign.status == 403
