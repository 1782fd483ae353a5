"""`ticket preview`, `printer set` and `printer check` as they are typed."""

import json
from functools import partial

import pytest
from PIL import Image

from printers import reader
from server.actions import devices
from server.actions import setup as setups
from server.actions.house import open_house
from server.config import Settings
from server.packs.shipped import shipped_packs
from server.store.devices import devices_of
from server.store.sites import add_site
from tests.printers import eyes
from tests.printers.fakes import FakePrinter, closed_port


@pytest.fixture
def preview(run, tmp_path):
    def preview(ending, *, site="rabat", service="imm", language="ar", width="384", exit_code=0):
        file = tmp_path / f"ticket{ending}"
        words = ("--site", site, "--service", service, "--language", language, "--width", width, "-o", str(file))
        return file, run("ticket", "preview", *words, exit_code=exit_code)

    return preview


@pytest.fixture
def house(run, data):
    """Rabat in a database, with two kiosks."""
    run("migrate")
    house = open_house(Settings(data_dir=data))
    pack = next(pack for pack in shipped_packs() if pack.site == "rabat")
    house.writer.run(partial(add_site, code="rabat", pack=pack.text, public_key="k", demo=True))
    house.submit("rabat", "system:test", partial(setups.put_in_force, setup=pack.setup()))
    for name in ("k1", "k2"):
        devices.add_device(house, site="rabat", kind="kiosk", name=name)
    yield house
    house.close()


def kiosk(house, name):
    with house.read() as conn:
        return next(row for row in devices_of(conn) if row.name == name)


def test_a_preview_is_a_picture_bytes_or_words(preview):
    picture, result = preview(".png")
    assert Image.open(picture).size[0] == json.loads(result.stdout)["width"] == 384
    data, _ = preview(".bin", width="576")
    assert reader.read(data.read_bytes()).picture.width == 576
    text, _ = preview(".txt", language="fr")
    assert "Première immatriculation" in text.read_text()
    assert preview(".pdf", exit_code=2)[1].stderr.count("ticket.pdf ends in none of .png, .bin, .txt") == 1


def test_a_preview_of_a_discreet_site_is_as_discreet_as_its_paper(preview):
    text, _ = preview(".txt", site="oukacha", service="per", language="fr")
    assert "Service 2" in text.read_text()
    assert "permis" not in text.read_text()


def test_a_preview_has_a_code_where_phones_reach_the_server(preview, monkeypatch):
    picture, result = preview(".png")
    assert eyes.codes_in(Image.open(picture)) == []
    assert "IDARATI_PUBLIC_URL" in result.stderr
    monkeypatch.setattr("os.environ", {"IDARATI_PUBLIC_URL": "https://accueil.example.ma/", "PATH": "/usr/bin"})
    (code,) = eyes.codes_in(Image.open(preview(".png")[0]))
    assert code.startswith("https://accueil.example.ma/t/")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"site": "fes"}, "There is no site 'fes'. Known: rabat, eljadida, algeciras, oukacha."),
        ({"service": "zzz"}, "There is no service 'zzz'. Known: acc,"),
        ({"language": "es"}, "There is no language 'es'. Known: ar, fr, zgh, en."),
    ],
)
def test_a_preview_of_what_does_not_exist_names_what_does(preview, wrong, said):
    file, result = preview(".png", exit_code=1, **wrong)
    assert said in result.stderr
    assert not file.exists()


def test_a_preview_takes_the_pack_of_the_database(preview, house):
    assert "There is no site 'oukacha'" in preview(".txt", site="oukacha", service="acc", exit_code=1)[1].stderr
    assert preview(".txt")[0].exists()


def test_a_kiosks_printer_is_set_by_its_name_or_its_code(run, house):
    url = "tcp://10.0.0.7:9100?width=384"
    result = run("printer", "set", "--site", "rabat", "--device", "k1", url)
    assert json.loads(result.stdout)["device"] == kiosk(house, "k1").code
    assert kiosk(house, "k1").printer == url
    assert kiosk(house, "k2").printer == "virtual:"
    run("printer", "set", "--site", "rabat", "--device", kiosk(house, "k1").code, "virtual:")
    assert kiosk(house, "k1").printer == "virtual:"


def test_a_printer_that_can_not_be_is_not_set(run, house):
    said = run("printer", "set", "--site", "rabat", "--device", "k1", "lpt1", exit_code=1).stderr
    assert "'lpt1' is no printer's address: expected tcp://host:9100 or virtual:" in said
    assert "Known: k1 (" in run("printer", "set", "--site", "rabat", "--device", "k9", "virtual:", exit_code=1).stderr
    assert "no site 'fes'" in run("printer", "set", "--site", "fes", "--device", "k1", "virtual:", exit_code=1).stderr
    assert kiosk(house, "k1").printer == "virtual:"


def test_two_kiosks_of_one_name_are_told_apart_by_code(run, house):
    twin = devices.add_device(house, site="rabat", kind="kiosk", name="k1").code
    said = run("printer", "set", "--site", "rabat", "--device", "k1", "virtual:", exit_code=1).stderr
    assert twin in said
    run("printer", "set", "--site", "rabat", "--device", twin, "tcp://10.0.0.9")


def test_check_reaches_a_printer_and_prints_nothing(run):
    with FakePrinter() as printer:
        result = run("printer", "check", printer.url)
        assert printer.wait_for(1) == [b"\x1b@"]
    assert json.loads(result.stdout) == {"printer": printer.url, "reachable": True, "code": None}
    assert json.loads(run("printer", "check", "virtual:").stdout)["reachable"] is True


def test_check_says_how_a_printer_can_not_be_reached(run):
    url = f"tcp://127.0.0.1:{closed_port()}"
    result = run("printer", "check", url, exit_code=1)
    assert json.loads(result.stdout) == {"printer": url, "reachable": False, "code": "refused"}
    assert "is no address" in run("printer", "check", "http://[", exit_code=1).stderr
