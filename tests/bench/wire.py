"""The least that a client must speak, so that the load generator takes little of the machine it measures.

An HTTP/1.1 connection that is kept open, and a websocket that understands as much of Socket.IO as a display needs. Both
are for the bench alone: they trust the server and know nothing about errors of the protocols.
"""

import asyncio
import base64
import json
import os
import re
import time
from collections.abc import Mapping
from typing import Any

Answer = tuple[int, bytes]

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ENTRY = re.compile(rb'\["entry",\{.*?"seq": ?(\d+)')


def request(method: str, path: str, *, host: str, token: str, body: Any = None, key: str | None = None) -> bytes:
    sent = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}"]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    if key is not None:
        lines.append(f"Idempotency-Key: {key}")
    return "\r\n".join([*lines, "", ""]).encode() + sent


class HttpLine(asyncio.Protocol):
    """One request at a time on one connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._got = b""
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "HttpLine":
        _transport, line = await asyncio.get_running_loop().create_connection(cls, host, port)
        return line

    async def ask(self, sent: bytes) -> Answer:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(sent)
        return await self._waiting

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, rest = self._got.partition(b"\r\n\r\n")
        if not end:
            return
        found = _LENGTH.search(head)
        length = int(found.group(1)) if found else 0
        if len(rest) >= length:
            self._got = rest[length:]
            self._waiting.set_result((int(head[9:12]), rest[:length]))


class Display(asyncio.Protocol):
    """A display's socket: joins one site and notes when it heard of each entry."""

    def __init__(self, *, host: str, token: str, site: str) -> None:
        self.heard_at: dict[int, float] = {}
        self.joined = asyncio.get_running_loop().create_future()
        self._host, self._token, self._site = host, token, site
        self._transport: asyncio.Transport | None = None
        self._got = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(exc or ConnectionError("the server let the display go"))

    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        self._got += data
        if not self._open:
            head, end, rest = self._got.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                self.joined.set_exception(ConnectionError(head.decode(errors="replace")))
                return
            self._open, self._got = True, rest
        while (frame := self._frame()) is not None:
            self._take(frame, at)

    def close(self) -> None:
        self._transport.close()

    def _frame(self) -> bytes | None:
        """The next whole frame from the server, which never masks and here never splits."""
        if len(self._got) < 2:
            return None
        length, begin = self._got[1] & 0x7F, 2
        if length == 126:
            length, begin = int.from_bytes(self._got[2:4], "big"), 4
        elif length == 127:
            length, begin = int.from_bytes(self._got[2:10], "big"), 10
        if len(self._got) < begin + length:
            return None
        frame, self._got = self._got[begin : begin + length], self._got[begin + length :]
        return frame

    def _take(self, frame: bytes, at: float) -> None:
        if frame.startswith(b"42/live,"):
            found = _ENTRY.search(frame)
            if found:
                self.heard_at[int(found.group(1))] = at
            elif b'["snapshot"' in frame and not self.joined.done():
                self.joined.set_result(None)
        elif frame == b"2":
            self._say("3")
        elif frame.startswith(b"0"):
            self._say(f"40/live,{json.dumps({'token': self._token})}")
        elif frame.startswith(b"40/live,"):
            self._say(f"42/live,{json.dumps(['join', {'site': self._site}])}")

    def _say(self, text: str) -> None:
        sent = text.encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(sent))
        length = bytes([0x80 | len(sent)]) if len(sent) < 126 else bytes([0x80 | 126]) + len(sent).to_bytes(2, "big")
        self._transport.write(b"\x81" + length + mask + masked)


def figures(latencies: list[float]) -> Mapping[str, float]:
    ordered = sorted(latencies)
    return {
        f"p{percent}_ms": round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)
        for percent in (50, 90, 99)
    } | {"max_ms": round(1000 * ordered[-1], 2)}
