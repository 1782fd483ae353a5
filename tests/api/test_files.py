"""What a page loads: each file once for each version, compressed, and nothing that is not meant for pages."""

import gzip
import re
from urllib.parse import urljoin

import pytest

from server.web import access, handing, static_files

PAGES = {
    "/": None,
    "/login": None,
    "/kiosk/rabat": "kiosk",
    "/display/rabat": "display",
    "/display/rabat/plain": "display",
    "/counter/rabat": "agent",
    "/desk/rabat": "orienter",
    "/manager/rabat": "manager",
}


def opened(office, path, kind):
    """The page, as the machine or the person that it is for asks for it."""
    if kind is None:
        client = office.client()
    elif kind in {"kiosk", "display"}:
        client = office.client()
        client.set_cookie(access.device_cookie(kind, "rabat"), office.device("rabat", kind))
    else:
        office.person(kind, "rabat", "Amina")
        client = office.logged_in("Amina")
    return client.get(path)


@pytest.mark.parametrize(("path", "kind"), PAGES.items())
def test_every_file_that_a_page_names_is_there_and_kept_for_ever(office, path, kind):
    page = opened(office, path, kind)
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="(?:\.\.)?(/files/[^"#]+)', page.text)
    assert len(named) > 2
    for address in named:
        answer = office.client().get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, f"public, {handing.FOR_EVER}"), address


def test_what_a_style_or_script_names_is_there_too(office):
    client = office.client()
    for part, folder in static_files._folders.items():
        for path in [*folder.rglob("*.css"), *folder.rglob("*.js")]:
            text = path.read_text(encoding="utf-8")
            for name in re.findall(r'(?:from |url\()"([^":]+)"', text):
                answer = client.get(urljoin(static_files.address(part, str(path.relative_to(folder))), name))
                assert answer.status_code == 200, (path, name)


def test_text_goes_compressed_to_whoever_takes_it_so(office):
    address = static_files.address("web", "base.css")
    packed = office.client().get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = office.client().get(address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    font = static_files.address("web", "fonts/idarati-sans-1.005-regular.woff2")
    assert "Content-Encoding" not in office.client().get(font, headers={"Accept-Encoding": "gzip"}).headers


def test_a_file_of_another_version_is_not_kept(office):
    assert office.client().get("/files/older/web/words.js").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["web/none.css", "web/../../shell.py", "web/..%2f..%2fshell.py", "server/app.py", "web/", "web/fonts"]
)
def test_nothing_else_is_handed_out(office, name):
    assert office.client().get(f"/files/{static_files.version()}/{name}").status_code == 404
