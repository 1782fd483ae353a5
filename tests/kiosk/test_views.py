import re
import subprocess
import sys
from dataclasses import asdict
from functools import partial

import pytest

from server.actions import notices
from server.actions import setup as setups
from server.config import Settings
from server.store import print_jobs
from server.web import qr_drawing
from tests.kiosk import hosting

TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')


def token_of(client, site="rabat"):
    return TOKEN.search(client.get(f"/kiosk/{site}").text)[1]


def draw(client, *, site="rabat", key="k-1", csrf=None, **wish):
    body = {"service": "mut", "language": "ar", **wish}
    headers = {"X-CSRF-Token": csrf or token_of(client, site)}
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post(f"/kiosk/{site}/tickets", json=body, headers=headers)


def section(page: str, step: str) -> str:
    return re.search(rf'<section[^>]*data-step="{step}".*?</section>', page, re.DOTALL)[0]


@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("zgh", "ltr"), ("en", "ltr")])
def test_the_document_of_a_language_is_in_that_language(kiosk, lang, direction):
    page = kiosk.get(f"/kiosk/rabat/{lang}.html").text
    assert f'<html lang="{lang}" dir="{direction}" translate="no"' in page


def test_all_steps_are_inside_one_document(kiosk):
    page = kiosk.get("/kiosk/rabat/fr.html").text
    for step in ("start", "groups", "services", "card", "priority", "ticket"):
        assert f'data-step="{step}"' in page
    assert page.count('data-step="card"') == 10
    assert "Certificat médical datant de moins de 3 mois" in page


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(kiosk):
    page = kiosk.get("/kiosk/rabat/fr.html").text
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r'(src|href)="(https?:)?//', page)


def test_it_asks_for_no_more_only_where_the_card_is_complete_and_else_says_demo(kiosk, house):
    page = kiosk.get("/kiosk/rabat/fr.html").text
    assert "Rien d&#39;autre que ce qui figure" not in page
    assert page.count("Données de démonstration, sans valeur officielle") == 10


def test_a_missing_amazigh_text_is_shown_in_french_and_arabic_and_marked(kiosk):
    page = kiosk.get("/kiosk/rabat/zgh.html").text
    assert '<span class="untranslated"><span lang="fr" dir="ltr">Véhicules</span>' in page
    assert "ⴰⵏⵙⵓⴼ" in page


def test_the_hospital_names_its_services_to_choose_and_numbers_them_on_the_ticket(app, house):
    client = hosting.enrolled_client(app, house, "eljadida")
    page = client.get("/kiosk/eljadida/fr.html").text
    assert "Radiologie" in section(page, "services")
    ticket = section(page, "ticket")
    assert "Radiologie" not in ticket
    assert "Service <bdi>8</bdi>" in ticket


def test_emergencies_need_no_ticket_and_stand_first(app, house):
    page = hosting.enrolled_client(app, house, "eljadida").get("/kiosk/eljadida/fr.html").text
    assert "Urgences : pas de ticket" in section(page, "start").replace("\xa0", " ")
    assert "Certificat de décès" in section(page, "groups")


def test_a_machine_that_is_not_enrolled_is_told_how(app):
    answer = app.test_client().get("/kiosk/rabat?lang=fr")
    assert answer.status_code == 401
    assert "Cette machine n" in answer.text
    assert "/demo/open/" not in answer.text


def test_a_kiosk_of_another_site_is_told_the_same(kiosk):
    assert kiosk.get("/kiosk/eljadida").status_code == 401


def test_a_site_that_does_not_exist_is_no_page(kiosk):
    assert kiosk.get("/kiosk/nowhere").status_code == 404


def test_a_ticket_is_drawn_with_its_number_and_what_to_expect(kiosk):
    answer = draw(kiosk)
    assert answer.status_code == 201
    assert answer.json["number"] == "B001"
    assert (answer.json["ahead"], answer.json["wait"], answer.json["estimate_why"]) == (0, None, "learning")
    assert answer.json["qr"] is None


def test_the_same_attempt_gives_the_same_ticket(kiosk):
    first, again, other = draw(kiosk), draw(kiosk), draw(kiosk, key="k-2")
    assert first.json == again.json
    assert other.json["number"] == "B002"


def test_a_declared_priority_goes_before_ordinary_people(kiosk):
    draw(kiosk, key="k-1")
    draw(kiosk, key="k-2")
    assert draw(kiosk, key="k-3", **{"class": "priority"}).json["ahead"] == 0


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"service": "nothing"}, 404, "no_such_service"),
        ({"language": "de"}, 422, "language_not_offered"),
        ({"language": "es"}, 422, "language_not_offered"),
        ({"class": "minister"}, 422, "no_such_class"),
        ({"service": 3}, 422, "invalid_input"),
        ({"colour": "red"}, 422, "invalid_input"),
    ],
)
def test_it_refuses_what_it_cannot_give_and_draws_nothing(kiosk, house, wish, status, code):
    before = house.hall("rabat").seq
    answer = draw(kiosk, **wish)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert house.hall("rabat").seq == before


def test_it_refuses_a_draw_without_a_key_and_one_without_the_token_of_the_page(kiosk):
    assert draw(kiosk, key=None).json["code"] == "key_required"
    refused = draw(kiosk, csrf="stolen")
    assert (refused.status_code, refused.json["code"]) == (403, "csrf")


def test_it_refuses_what_is_not_json(kiosk):
    headers = {"X-CSRF-Token": token_of(kiosk), "Idempotency-Key": "k"}
    assert kiosk.post("/kiosk/rabat/tickets", data="service=mut", headers=headers).status_code == 415
    json = {**headers, "Content-Type": "application/json"}
    assert kiosk.post("/kiosk/rabat/tickets", data="{", headers=json).status_code == 400


def test_a_closed_service_says_why_and_when_it_opens_in_the_language_of_the_page(kiosk, clock):
    clock.advance(hours=9)
    answer = draw(kiosk, language="fr")
    assert answer.status_code == 409
    assert answer.json["why"][0][0] == "fr"
    assert "08:30" in answer.json["hint"][0][1]
    closed = {service["code"]: service["closed"] for service in kiosk.get("/kiosk/rabat/zgh.json").json["services"]}
    assert [lang for lang, _text in closed["mut"]["why"]] == ["fr", "ar"]


def test_the_state_counts_who_waits_for_each_service(kiosk):
    draw(kiosk)
    waiting = {service["code"]: service["waiting"] for service in kiosk.get("/kiosk/rabat/ar.json").json["services"]}
    assert (waiting["mut"], waiting["rpc"]) == (1, 0)


def test_the_page_is_asked_for_again_but_not_sent_again(kiosk):
    first = kiosk.get("/kiosk/rabat?lang=fr")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = kiosk.get("/kiosk/rabat?lang=fr", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_document_with_its_version_is_kept_and_holds_no_token(kiosk):
    version = kiosk.get("/kiosk/rabat/ar.json").json["version"]
    kept = kiosk.get(f"/kiosk/rabat/fr.html?v={version}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert '<meta name="csrf-token" content="">' in kept.text
    assert f'data-version="{version}"' in kept.text
    assert "immutable" not in kiosk.get("/kiosk/rabat/fr.html?v=older").headers["Cache-Control"]


def test_messages_of_the_site_are_told_in_the_languages_in_which_they_were_written(kiosk, house):
    texts = {"ar": "الموقع مغلق غدا", "fr": "Fermé demain"}
    house.submit("rabat", "manager:m", partial(notices.post_message, texts=texts))
    assert kiosk.get("/kiosk/rabat/en.json").json["messages"] == [[["ar", texts["ar"]], ["fr", texts["fr"]]]]


def test_a_suspended_service_says_the_reason(kiosk, house):
    house.submit("rabat", "manager:m", partial(notices.suspend, service="mut", reason="system_down"))
    services = {service["code"]: service for service in kiosk.get("/kiosk/rabat/fr.json").json["services"]}
    assert "panne du système informatique" in services["mut"]["closed"]["why"][0][1]
    assert services["rpc"]["closed"] is None
    assert kiosk.get("/kiosk/rabat/fr.json").json["closed"] is None


def test_a_service_whose_quota_is_reached_says_so_and_when_it_opens_again(kiosk, house):
    house.submit("rabat", "manager:m", partial(setups.change_quota, service="mut", quota=1))
    assert draw(kiosk).status_code == 201
    assert draw(kiosk, key="k-2").json["code"] == "quota_reached"
    services = {service["code"]: service for service in kiosk.get("/kiosk/rabat/fr.json").json["services"]}
    assert "est atteint" in services["mut"]["closed"]["why"][0][1]
    assert "08:30" in services["mut"]["closed"]["hint"][0][1]
    assert services["rpc"]["closed"] is None


def test_a_site_that_is_closed_says_so_in_each_of_its_languages_once(kiosk, clock):
    clock.advance(hours=9)
    closed = kiosk.get("/kiosk/rabat/fr.json").json["closed"]
    assert [lang for lang, _text in closed] == ["ar", "fr", "en"]
    assert all("08:30" in text for _lang, text in closed)


def test_an_appointment_is_chosen_from_times_of_today_and_checked_in(kiosk):
    times = kiosk.get("/kiosk/rabat/fr.json").json["times"]
    assert [time["time"] for time in times[:2]] == ["08:30", "08:45"]
    chosen = next(time for time in times if time["time"] == "09:15")
    answer = draw(kiosk, **{"class": "appointment", "appointment": chosen["at"]})
    assert (answer.status_code, answer.json["class"]) == (201, "appointment")
    assert answer.json["appointed"] == {"standing": "on_time", "time": "09:15", "opens": "09:00"}
    late = draw(kiosk, key="k-2", **{"class": "appointment", "appointment": times[0]["at"]})
    assert (late.json["class"], late.json["appointed"]["standing"]) == ("ordinary", "late")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"appointment": "nine"}, "invalid_input"),
        ({"appointment": "2026-11-24T09:15:00"}, "invalid_input"),
        ({"appointment": "2026-11-24T09:15:07Z"}, "invalid_input"),
        ({"appointment": "2026-11-25T09:15:00Z"}, "appointment_not_today"),
        ({"appointment": "2026-11-24T09:15:00Z", "service": "acc"}, "no_appointments"),
    ],
)
def test_an_appointment_that_can_not_be_is_refused(kiosk, wish, code):
    answer = draw(kiosk, **{"class": "appointment", **wish})
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_it_says_how_the_paper_fares_and_only_for_tickets_of_its_site(kiosk, house):
    ticket = draw(kiosk).json["id"]
    assert kiosk.get(f"/kiosk/rabat/tickets/{ticket}").json == {"print": None}
    house.writer.run(
        partial(print_jobs.queue, site="rabat", papers=[print_jobs.Wanted(ticket=ticket, device="k", asked_at=1)])
    )
    assert kiosk.get(f"/kiosk/rabat/tickets/{ticket}").json == {"print": "queued"}
    assert kiosk.get("/kiosk/rabat/tickets/eljadida-3").status_code == 404


def test_the_code_for_the_phone_is_the_follow_address(settings, clock):
    house = hosting.furnished(Settings(data_dir=settings.data_dir, public_url="https://q.example/"), clock)
    answer = draw(hosting.enrolled_client(hosting.make_app(house), house, "rabat"))
    house.close()
    assert answer.json["qr"] == asdict(qr_drawing.drawing(f"https://q.example/t/{answer.json['public_id']}"))


def print_list(client, *, key="l-1", site="rabat", service="mut", language="fr"):
    headers = {"X-CSRF-Token": token_of(client, site), "Idempotency-Key": key}
    return client.post(f"/kiosk/{site}/checklists", json={"service": service, "language": language}, headers=headers)


def test_a_list_of_documents_is_printed_once_for_one_touch(kiosk, house):
    first, again = print_list(kiosk), print_list(kiosk)
    assert (first.status_code, first.json) == (202, again.json)
    assert kiosk.get(f"/kiosk/rabat/checklists/{first.json['job']}").json == {"print": "queued"}
    assert kiosk.get("/kiosk/rabat/checklists/card:mut:fr:000000000000").json == {"print": None}
    assert house.hall("rabat").numbers == {}


def test_a_kiosk_prints_five_lists_and_then_pauses(kiosk, clock):
    assert [print_list(kiosk, key=f"l-{n}").status_code for n in range(6)] == [202] * 5 + [429]
    clock.advance(minutes=3)
    assert print_list(kiosk, key="l-9").status_code == 202


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"service": "nothing"}, "no_such_service"),
        ({"language": "es"}, "language_not_offered"),
        ({"key": ""}, "key_required"),
    ],
)
def test_a_list_that_can_not_be_had_is_refused(kiosk, facts, code):
    assert print_list(kiosk, **facts).json["code"] == code


def test_a_phone_reads_the_card_by_the_neutral_code_of_a_discreet_site(settings, clock):
    house = hosting.furnished(Settings(data_dir=settings.data_dir, public_url="https://q.example/"), clock)
    client = hosting.enrolled_client(hosting.make_app(house), house, "eljadida")
    ways = client.get("/kiosk/eljadida/services/rad/fr.json").json
    house.close()
    assert ways == {"prints": True, "qr": asdict(qr_drawing.drawing("https://q.example/c/eljadida/s8?lang=fr"))}


def test_printed_tickets_are_shown_in_the_demonstration_alone(settings, clock, kiosk):
    assert kiosk.get("/kiosk/rabat/paper").status_code == 404
    folder = settings.data_dir / "paper" / "rabat" / "k1"
    folder.mkdir(parents=True)
    (folder / "b001.png").write_bytes(b"\x89PNG")
    house = hosting.furnished(Settings(data_dir=settings.data_dir, demo=True), clock, codes=())
    client = hosting.make_app(house).test_client()
    assert "/kiosk/rabat/paper/k1-b001.png" in client.get("/kiosk/rabat/paper").text
    assert client.get("/kiosk/rabat/paper/k1-b001.png").mimetype == "image/png"
    assert client.get("/kiosk/rabat/paper/other.png").status_code == 404
    house.close()


def test_the_document_is_made_without_a_web_framework():
    code = "import sys, kiosk.pages; sys.exit('flask' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_address_of_the_kiosk_is_for_kiosks(app):
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("kiosk.")}
    for endpoint in pages - {"kiosk.papers", "kiosk.one_paper"}:
        assert app.view_functions[endpoint].guarded_by == {"kiosk"}
