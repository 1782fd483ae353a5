"""The list of documents on paper: what it says, what it keeps to itself, and how it comes to a printer."""

import pytest

from printers import typeface
from printers.slip import plain
from server.packs.shipped import SITES, shipped_packs
from server.web import checklists

PACKS = {pack.site: pack for pack in shipped_packs()}


def said(site, service, language, read_at=None):
    return plain(checklists.slip(PACKS[site], PACKS[site].service(service), language, read_at=read_at))


def test_it_lists_every_document_with_a_box_to_tick():
    lines = said("rabat", "mut", "fr").splitlines()
    boxes = [line for line in lines if line.startswith(checklists.BOX)]
    names = [document.names.fr for document in PACKS["rabat"].documents_of(PACKS["rabat"].service("mut"))]
    assert boxes == [f"{checklists.BOX} {name}" for name in names]
    assert "Mutation de véhicule (changement de propriétaire)" in lines


@pytest.mark.parametrize("site", SITES)
def test_the_papers_face_has_every_character_and_each_job_has_a_short_name(site):
    for service in PACKS[site].services:
        for language in PACKS[site].languages:
            slip = checklists.slip(PACKS[site], service, language, read_at="https://q.example/c/x/y")
            assert [text for text in slip.texts() if typeface.uncovered(text)] == []
            job = checklists.job_name(service, language, "key")
            assert len(job) <= 60
            assert checklists.wanted(job) == checklists.Wanted(service=service.public_code, language=language)


@pytest.mark.parametrize("site", ["eljadida", "oukacha"])
def test_at_a_discreet_site_it_names_no_service(site):
    for service in PACKS[site].services:
        paper = said(
            site, service.public_code, "fr", checklists.address(PACKS[site], service, "fr", "https://q.example")
        )
        assert service.names.fr not in paper
        assert f"/{service.code}?" not in paper
        assert f"Service {service.ordinal}" in paper
