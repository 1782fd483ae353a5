"""Texts as sound: a clip that somebody recorded, else one that a stand-in synthesiser made ahead, else silence.

It finds clips and makes missing ones; nobody who waits for an answer ever waits for one to be made. It speaks no
language with the voice of another: Amazigh has no synthesiser, so it is heard where it was recorded and nowhere else.
"""

import contextlib
import os
import re
import shutil
import subprocess
import wave
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from server.web import voice_texts

#: The stand-in, found on the path; it is asked in these voices and in no other.
SYNTHESISER = "espeak-ng"
VOICES = {"ar": "ar", "fr": "fr-fr", "es": "es", "en": "en-gb"}
#: Words a minute; slower than its usual 175, for a hall.
SPEED = 150

#: What a browser plays; the first that is there holds.
RECORDED = {".wav": "audio/wav", ".ogg": "audio/ogg"}
LARGEST_RECORDED = 5_000_000
#: A clip takes hundredths of a second to make; whatever takes this long hangs.
PATIENCE_S = 10.0
LONGEST_TEXT = 600
LONGEST_CLIP_S = 90.0

#: Parts of what this machine makes of a text. Changed, all clips are made anew.
_MANNER = f"{SYNTHESISER} {SPEED}"


@dataclass(frozen=True, slots=True)
class Clips:
    """The clips of one installation."""

    data_dir: Path
    #: The setting `IDARATI_VOICE`.
    mode: str = "synthesiser"
    synthesiser: str = SYNTHESISER

    @property
    def made_dir(self) -> Path:
        return self.data_dir / "voice-made"

    def recorded_dir(self, lang: str) -> Path:
        return self.data_dir / "voice" / lang

    def address(self, lang: str, text: str) -> str | None:
        """Where a page finds the clip of a text, below its own address; None for silence."""
        if self.mode == "off":
            return None
        recorded = self.recorded(lang, text)
        if recorded is not None:
            return f"voice/recorded/{lang}/{recorded.name}?v={_state_of(recorded)}"
        made = self.made(lang, text)
        return f"voice/made/{made.name}" if made is not None and made.is_file() else None

    def may_speak(self, lang: str) -> bool:
        """Whether it is worth looking for clips of a language."""
        made = self.mode == "synthesiser" and lang in VOICES and self.made_dir.is_dir()
        return self.mode != "off" and (made or self.recorded_dir(lang).is_dir())

    def recorded(self, lang: str, text: str) -> Path | None:
        name = recording_name(lang, text)
        paths = (self.recorded_dir(lang) / f"{name}{suffix}" for suffix in RECORDED)
        return next((path for path in paths if path.is_file()), None)

    def made(self, lang: str, text: str) -> Path | None:
        """Where the synthesiser's clip of a text is or will be; None where it makes none."""
        if self.mode != "synthesiser" or lang not in VOICES or len(text) > LONGEST_TEXT:
            return None
        spoken = voice_texts.spoken(lang, text)
        return self.made_dir / f"{_digest(_MANNER, VOICES[lang], spoken)}.wav"

    def make(self, lang: str, text: str) -> bool:
        """Have the clip of a text made, whole or not at all. False if it could not be."""
        path, program = self.made(lang, text), shutil.which(self.synthesiser)
        if path is None or program is None:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.stem}-{token_hex(4)}.part")
        try:
            _speak(program, VOICES[lang], voice_texts.spoken(lang, text), into=part)
            if not _is_heard(part):
                return False
            part.replace(path)
        except (OSError, subprocess.SubprocessError):
            return False
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return True

    def can_make(self) -> bool:
        return self.mode == "synthesiser" and shutil.which(self.synthesiser) is not None

    def made_file(self, name: str) -> Path | None:
        """A made clip by the name in its address."""
        path = self.made_dir / name
        return path if re.fullmatch(r"[0-9a-f]{24}\.wav", name) and path.is_file() else None

    def recorded_file(self, lang: str, name: str) -> Path | None:
        path = self.recorded_dir(lang) / name
        fits = re.fullmatch(r"[a-z]{2,3}", lang) and re.fullmatch(r"[0-9a-f]{16}\.(wav|ogg)", name)
        return path if fits and path.is_file() and path.stat().st_size <= LARGEST_RECORDED else None


def recording_name(lang: str, text: str) -> str:
    """What a recording of this text is called, without its ending."""
    return _digest(lang, text)[:16]


def is_present(path: Path, state: str) -> bool:
    """Whether a recording is still the one that an address meant."""
    return _state_of(path) == state


def _state_of(path: Path) -> str:
    there = path.stat()
    return f"{there.st_mtime_ns:x}-{there.st_size:x}"


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _speak(program: str, voice: str, spoken: str, *, into: Path) -> None:
    """At the lowest priority: a hall that is being served goes first."""
    nice = shutil.which("nice")
    gently = [nice, "-n", "19"] if nice else []
    subprocess.run(  # noqa: S603 - an argument list; the text goes by the input and is never an argument
        [*gently, program, "-v", voice, "-s", str(SPEED), "-z", "--stdin", "-w", str(into)],
        input=spoken.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE_S,
        check=True,
    )


def _is_heard(path: Path) -> bool:
    """A whole WAV of sensible length that isn't mere silence; on the disk before it gets its name."""
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            with wave.open(file) as sound:
                length_s = sound.getnframes() / sound.getframerate()
                return 0 < length_s <= LONGEST_CLIP_S and any(sound.readframes(sound.getnframes()))
    except (wave.Error, EOFError):
        return False
