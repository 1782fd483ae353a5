"""Sounds for tests: a tone of a given length, and what a WAV holds."""

import math
import struct
import wave
from pathlib import Path

RATE = 8000


def write_tone(path: Path, *, seconds: float = 0.05, hertz: int = 440) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = (int(8000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(int(RATE * seconds)))
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", one) for one in samples))


def length_s(path: Path) -> float:
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def loudest(path: Path) -> int:
    with wave.open(str(path)) as sound:
        frames = sound.readframes(sound.getnframes())
    return max(abs(one) for (one,) in struct.iter_unpack("<h", frames))
