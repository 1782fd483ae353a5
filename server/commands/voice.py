"""`idarati voice …`: what the kiosks of a site read aloud, for somebody who records it, and clips made now instead of later."""

from pathlib import Path

import click

from kiosk import reading
from server.actions.house import House
from server.commands.opening import answer, data_option, opened, require_site, say
from server.packs.pack import Pack
from server.web import voice_texts
from server.web.voice import VOICES, Clips, recording_name
from server.web.voice_maker import VoiceMaker


@click.group()
def voice() -> None:
    """Texts that kiosks read aloud, and their clips."""


@voice.command(name="list")
@data_option
@click.argument("site")
@click.argument("language")
def list_(data: Path | None, site: str, language: str) -> None:
    """Print the texts of SITE in LANGUAGE, each with the name of its recording and where its sound comes from now."""
    with opened(data) as house:
        pack = _pack(house, site)
        clips = Clips(house.settings.data_dir, house.settings.voice)
    if language not in pack.languages:
        raise click.ClickException(f"{site} speaks {', '.join(pack.languages)}.")
    silent = 0
    for spoken_in, text in reading.texts(pack):
        if spoken_in != language:
            continue
        address = clips.address(language, text)
        source = None if address is None else address.split("/")[1]
        silent += source is None
        line = {"text": text, "name": recording_name(language, text), "source": source}
        answer({**line, "vowelled": voice_texts.is_vowelled(text)} if language == "ar" else line)
    say(f"{silent} texts have no sound.")


@voice.command()
@data_option
def prepare(data: Path | None) -> None:
    """Make all clips that are missing now; a running server does so by itself."""
    with opened(data) as house:
        clips = Clips(house.settings.data_dir, house.settings.voice)
        if not clips.can_make():
            raise click.ClickException(f"{clips.synthesiser} isn't installed, or IDARATI_VOICE leaves it out.")
        made = VoiceMaker(house, reading.texts).make_missing()
    answer({"made": made, "languages": sorted(VOICES)})
    say(f"{made} clips made.")


def _pack(house: House, site: str) -> Pack:
    require_site(house, site)
    pack = house.pack(site)
    if pack is None:
        raise click.ClickException(f"{site} has not been set up.")
    return pack
