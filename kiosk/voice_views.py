"""What the kiosk's page asks for when somebody listens: which texts have a clip, and the clips. It makes none."""

from flask import Response, current_app, request, send_file

from kiosk import reading
from server.domain.errors import Refusal
from server.web import handing, voice
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused


@guard("kiosk")
def voice_list(site: str, lang: str) -> Response:
    """Text → address of its clip, below the kiosk's own. What isn't in it is not heard."""
    pack = house().pack(site)
    if pack is None:
        raise Refused(Refusal("no_such_site"))
    if lang not in pack.languages:
        raise Refused(Refusal("language_not_offered"))
    return handing.compressed(current_app.json.dumps(reading.clips(pack, lang, clips())), "application/json")


@guard("kiosk")
def made_clip(site: str, name: str) -> Response:
    """A clip of the synthesiser. Its name says what is spoken and how, so it never changes."""
    del site
    path = clips().made_file(name)
    if path is None:
        raise Refused(Refusal("not_found"))
    return _clip(send_file(path.resolve(), mimetype="audio/wav"), for_ever=True)


@guard("kiosk")
def recorded_clip(site: str, lang: str, name: str) -> Response:
    """A clip that the administration recorded; another recording of the same text has another address."""
    del site
    path = clips().recorded_file(lang, name)
    if path is None:
        raise Refused(Refusal("not_found"))
    same = voice.is_present(path, request.args.get("v", ""))
    return _clip(send_file(path.resolve(), mimetype=voice.RECORDED[path.suffix]), for_ever=same)


def clips() -> voice.Clips:
    settings = house().settings
    return voice.Clips(settings.data_dir, settings.voice)


def _clip(response: Response, *, for_ever: bool) -> Response:
    response.headers["Cache-Control"] = f"private, {handing.FOR_EVER}" if for_ever else "no-store"
    return response
