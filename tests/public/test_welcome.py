import re

import pytest

from server.actions import devices
from server.config import Settings
from server.web import access
from server.web.demo_facts import DemoAgent, DemoDevice, DemoFacts, DemoSite, Login, write_demo
from tests.kiosk import hosting

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def demo(settings, clock):
    """A client of a demonstration with a kiosk at one site."""
    house = hosting.furnished(Settings(data_dir=settings.data_dir, demo=True), clock)
    kiosk = DemoDevice(
        kind="kiosk", name="k1", code="k1", token=hosting.device_token(house, "rabat"), enrol_code="ABCDEFGHKM"
    )
    agent = DemoAgent(counter="rabat-1", code="a0", login=Login("amina", "pass-of-amina"), token="t")
    site = DemoSite(
        manager=Login("driss", "pass-of-driss"),
        manager_token="m",
        orienter=Login("salma", "pass-of-salma"),
        orienter_token="o",
        agents=(agent,),
        devices=(kiosk,),
        free_counter="rabat-1",
    )
    nobody = Login("x", "y")
    facts = DemoFacts(sites={"rabat": site}, programme=nobody, programme_token="p", admin=nobody, admin_token="a")
    write_demo(settings.data_dir, facts)
    yield hosting.make_app(house).test_client()
    house.close()


def test_every_screen_of_every_site_is_there_with_its_address(client):
    page = client.get("/?lang=fr").text
    for address in (
        "/kiosk/rabat",
        "/display/eljadida",
        "/display/eljadida/a",
        "/counter/rabat",
        "/desk/rabat",
        "/manager/eljadida",
    ):
        assert f'href="{address}"' in page
    assert "/demo/open/" not in page


def test_logins_are_shown_in_the_demonstration_alone(settings, client):
    (settings.data_dir / "demo.json").write_text("read by nobody")
    assert client.get("/").status_code == 200


def test_the_demonstration_shows_its_logins(demo):
    page = demo.get("/").text
    assert "pass-of-driss" in page
    assert "pass-of-amina" in page
    assert "pass-of-salma" in page
    assert 'href="/demo/components"' in page


def test_the_door_makes_a_browser_the_demonstration_s_machine(demo):
    assert demo.get("/kiosk/rabat").status_code == 401
    token = TOKEN.search(demo.get("/kiosk/rabat").text)[1]
    opened = demo.post("/demo/open/kiosk/rabat", data={"csrf_token": token})
    assert (opened.status_code, opened.location) == (303, "/kiosk/rabat")
    assert demo.get("/kiosk/rabat").status_code == 200


def test_the_door_is_shut_without_the_token_of_a_page(demo):
    assert demo.post("/demo/open/kiosk/rabat").status_code == 403


@pytest.mark.parametrize(
    "address", ["/demo/open/printer/rabat", "/demo/open/kiosk/nowhere", "/demo/open/kiosk/eljadida"]
)
def test_there_is_no_door_to_what_the_demonstration_does_not_have(demo, address):
    assert demo.post(address).status_code == 404


def test_there_is_no_door_outside_the_demonstration(client):
    token = TOKEN.search(client.get("/kiosk/rabat").text)[1]
    assert client.post("/demo/open/kiosk/rabat", data={"csrf_token": token}).status_code == 404


def test_a_machine_is_enrolled_by_the_code_typed_at_it(client, house):
    added = devices.add_device(house, site="rabat", kind="kiosk", name="k")
    token = TOKEN.search(client.get("/kiosk/rabat").text)[1]
    spaced = f" {added.enrol_code[:5]} {added.enrol_code[5:].lower()} "
    answer = client.post("/enrol", data={"csrf_token": token, "code": spaced})
    assert (answer.status_code, answer.location) == (303, "/kiosk/rabat")
    assert client.get_cookie(access.device_cookie("kiosk", "rabat")).http_only
    assert client.get("/kiosk/rabat").status_code == 200
    assert client.post("/enrol", data={"csrf_token": token, "code": added.enrol_code}).status_code >= 400
