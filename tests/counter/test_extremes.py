"""The console where everything is large: forty counters, sixty services with long names, eight hundred people, A1203; and
where it is small: one language, nobody waiting. Nothing lies outside the window, nothing over something else.
"""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from server.packs.parts import Words
from server.packs.shipped import shipped_packs
from tests.counter import serving

pytestmark = pytest.mark.browser

SIZES = ((1024, 768), (420, 900), (1280, 1024))
LONG_FR = (
    "Renouvellement du certificat d'immatriculation d'un véhicule acquis à l'étranger par une personne morale n° {n}"
)
LONG_AR = "تجديد شهادة تسجيل مركبة مقتناة بالخارج من طرف شخص معنوي يزاول نشاطه في إطار شركة ذات مسؤولية محدودة رقم {n}"
ONE_WORD = "Antikonstitutionellementkraftfahrzeugzulassungsbescheinigung{n}"


def huge():
    """Forty counters of which each serves all of sixty services."""
    pack = next(pack for pack in shipped_packs() if pack.site == "rabat")
    shipped = pack.services
    services = tuple(
        replace(shipped[n % len(shipped)], code=shipped[n].code if n < len(shipped) else f"s{n}", names=long_names(n))
        for n in range(60)
    )
    codes = tuple(service.code for service in services)
    counters = tuple(
        replace(pack.counters[0], id=f"rabat-{n}", label=str(n), serves=codes, helps=()) for n in range(1, 41)
    )
    return replace(pack, services=services, counters=counters)


def long_names(n):
    return Words(fr=(ONE_WORD if n % 3 == 0 else LONG_FR).format(n=n), ar=LONG_AR.format(n=n))


@pytest.fixture
def huge_hall(tmp_path, browser):
    office = serving.office_of(tmp_path, huge())
    with serving.served(office) as address:
        hall = serving.BrowsedHall(office, browser, address)
        yield hall
        hall.close()
    office.close()
    assert hall.complaints == []


def outside(page, size):
    """What reaches beyond the window sideways, and texts that are wider than what holds them."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return page.evaluate("""() => [...document.querySelectorAll("body *")].filter((one) => {
        const box = one.getBoundingClientRect();
        if (box.width === 0 || one.closest(".visually-hidden, .skip, .bar__site, .bar__word, .link")) return false;
        return box.left < -1 || box.right > innerWidth + 1;
    }).map((one) => `${one.className || one.tagName} ${one.textContent.slice(0, 40)}`)""")


def overlapping(page):
    """Pairs of texts of which one lies over the other."""
    return page.evaluate("""() => {
        const texts = [...document.querySelectorAll("main *, header *")].filter((one) =>
            [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
            one.getClientRects().length && !one.closest(".visually-hidden, [hidden], dialog, .menu__sheet, .bar__site, sup"));
        const found = [], lines = (one) => [...one.getClientRects()];
        for (const [place, one] of texts.entries()) for (const other of texts.slice(place + 1)) {
            if (one.contains(other) || other.contains(one)) continue;
            const over = lines(one).some((a) => lines(other).some((b) =>
                Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6));
            if (over) found.push([one.textContent.slice(0, 30), other.textContent.slice(0, 30)]);
        }
        return found;
    }""")


@pytest.mark.parametrize("lang", ["ar", "fr", pytest.param("zgh", marks=pytest.mark.long)])
def test_a_hall_of_hundreds_fits(huge_hall, lang):
    codes = [service.code for service in huge().services]
    for n in range(240):
        huge_hall.draws(codes[n % 60], klass="priority" if n % 9 == 0 else "ordinary")
    page = huge_hall.chooses(lang=lang)
    assert page.locator("#counters button").count() == 40
    assert [outside(page, size) for size in SIZES] == [[], [], []]
    page.keyboard.type("37")
    page.keyboard.press("Enter")
    page.locator("#work").wait_for()
    page.keyboard.press("n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    for size in SIZES:
        assert (size, outside(page, size), overlapping(page)) == (size, [], [])
    assert page.locator("#lines tr").count() <= 8


def test_a_number_of_four_digits_fits(huge_hall):
    page = huge_hall.desk("rabat-3", size=(420, 900))
    number = page.locator("#number")
    number.evaluate("(one) => { one.textContent = 'A1203'; one.removeAttribute('data-nobody'); }")
    assert number.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")
    assert number.evaluate("(one) => one.getClientRects().length") == 1


@pytest.mark.parametrize("lang", ["ar", "fr", pytest.param("zgh", marks=pytest.mark.long)])
def test_an_empty_hall_is_calm(hall, lang):
    page = hall.desk("rabat-3", lang=lang)
    for size in SIZES:
        assert (size, outside(page, size), overlapping(page)) == (size, [], [])
    assert not page.locator("#problem").is_visible()


def test_a_site_with_one_language_has_a_console_in_it(tmp_path, browser):
    pack = next(pack for pack in shipped_packs() if pack.site == "rabat")
    office = serving.office_of(tmp_path, replace(pack, languages=("fr",)))
    with serving.served(office) as address:
        hall = serving.BrowsedHall(office, browser, address)
        page = hall.chooses(lang="ar")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.locator(".languages a").count() == 1
        hall.close()
    office.close()
    assert hall.complaints == []
