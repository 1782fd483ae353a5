"""The chime before a call: two soft tones, made here, so that no sound of anybody else has to be licensed or carried.

It says only that something is new on the screen. The call itself is on the screen and, where there is one, in the voice.
"""

import math
import struct
import wave
from functools import cache
from io import BytesIO

RATE = 11_025
#: Hertz, and when in seconds each begins: a falling third, which people know from doors and stations.
TONES = ((659.25, 0.0), (523.25, 0.42))
LENGTH_S = 1.3
LOUDEST = 0.45
#: How fast a tone dies away, and how long it takes to come, so that nothing clicks.
FADING = 4.5
COMING_S = 0.012


@cache
def wav() -> bytes:
    samples = [_sample(place / RATE) for place in range(int(RATE * LENGTH_S))]
    out = BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *(round(32_767 * LOUDEST * one) for one in samples)))
    return out.getvalue()


def _sample(at_s: float) -> float:
    heard = sum(_tone(hertz, at_s - begins_s) for hertz, begins_s in TONES if at_s >= begins_s)
    ending = min(1.0, (LENGTH_S - at_s) / 0.05)
    return heard * ending / len(TONES)


def _tone(hertz: float, since_s: float) -> float:
    """With a little of the octave in it: small loudspeakers lose the ground tone."""
    turn = 2 * math.pi * hertz * since_s
    swell = min(1.0, since_s / COMING_S) * math.exp(-FADING * since_s)
    return swell * (math.sin(turn) + 0.35 * math.sin(2 * turn)) / 1.35
