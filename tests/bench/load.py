"""The load generator: a process of its own that gets a job as JSON on standard input and answers with figures.

fill  so many people draw for each of the named services, as fast as it goes
draw  so many clients draw tickets, each the next one as soon as it has its answer
call  so many counters call, each ending the turn before
tell  so many displays listen while one counter calls; from the request being sent to the display having heard
"""

import asyncio
import json
import sys
import time
from functools import partial
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from tests.bench.wire import Display, HttpLine, figures, request

Job = dict[str, Any]


async def fill(job: Job) -> dict[str, Any]:
    """`lines`: [{site, token, service, people}]."""
    wanted = [line for line in job["lines"] for _ in range(line["people"])]
    connections = [await HttpLine.open(job["host"], job["port"]) for _ in range(8)]
    parts = [wanted[place::8] for place in range(8)]
    await asyncio.gather(*(_fills(*one, job["host"]) for one in zip(connections, parts, strict=True)))
    return {"people": len(wanted)}


async def _fills(connection: HttpLine, wanted: list[dict[str, Any]], host: str) -> None:
    for line in wanted:
        status, answer = await connection.ask(_draw(host, line, line["service"]))
        assert status == 201, answer
    connection.close()


async def draw(job: Job) -> dict[str, Any]:
    """`sites`: [{site, token, services}]; client n stands at site n."""
    sites = list(islice(cycle(job["sites"]), job["clients"]))
    lines = [await HttpLine.open(job["host"], job["port"]) for _ in sites]
    until = time.monotonic() + job["seconds"]
    began = time.monotonic()
    done = await asyncio.gather(
        *(_draws(line, job["host"], site, until) for line, site in zip(lines, sites, strict=True))
    )
    return _summary(done, time.monotonic() - began)


async def _draws(line: HttpLine, host: str, site: dict[str, Any], until: float) -> tuple[list[float], int]:
    took, refused = [], 0
    for service in cycle(site["services"]):
        began = time.monotonic()
        if began >= until:
            break
        status, _ = await line.ask(_draw(host, site, service))
        took.append(time.monotonic() - began)
        refused += status != 201
    line.close()
    return took, refused


async def call(job: Job) -> dict[str, Any]:
    """`counters`: [{counter, token}], opened now. It ends with the time, or when a counter finds nobody waiting."""
    host, port = job["host"], job["port"]
    lines = [await HttpLine.open(host, port) for _ in job["counters"]]
    for line, counter in zip(lines, job["counters"], strict=True):
        await line.ask(_open(host, counter))
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(job["seconds"], over.set)
    began = time.monotonic()
    done = await asyncio.gather(
        *(_calls(line, host, counter, over) for line, counter in zip(lines, job["counters"], strict=True))
    )
    return _summary(done, time.monotonic() - began)


async def _calls(line: HttpLine, host: str, counter: dict[str, str], over: asyncio.Event) -> tuple[list[float], int]:
    took, nobody = [], 0
    while not over.is_set():
        began = time.monotonic()
        status, _ = await line.ask(_next(host, counter))
        if status == 201:
            took.append(time.monotonic() - began)
        else:
            nobody += 1
            over.set()
    line.close()
    return took, nobody


async def tell(job: Job) -> dict[str, Any]:
    host, port = job["host"], job["port"]
    loop = asyncio.get_running_loop()
    displays = []
    for _ in range(job["displays"]):
        make = partial(Display, host=host, token=job["display_token"], site=job["site"])
        _transport, display = await loop.create_connection(make, host, port)
        await asyncio.wait_for(display.joined, 20)
        displays.append(display)
    line = await HttpLine.open(host, port)
    await line.ask(_open(host, job["counter"]))
    sent: dict[int, float] = {}
    for _ in range(job["calls"]):
        began = time.monotonic()
        status, body = await line.ask(_next(host, job["counter"]))
        if status == 201:
            sent[json.loads(body)["seq"]] = began
        await asyncio.sleep(job["every_s"])
    await asyncio.sleep(1)
    took = [display.heard_at[seq] - at for display in displays for seq, at in sent.items() if seq in display.heard_at]
    missed = len(displays) * len(sent) - len(took)
    for display in displays:
        display.close()
    return {"calls": len(sent), "missed": missed, **figures(took)}


def _draw(host: str, site: dict[str, Any], service: str) -> bytes:
    body = {"service": service, "language": "ar"}
    path = f"/api/v1/sites/{site['site']}/tickets"
    return request("POST", path, host=host, token=site["token"], body=body, key=uuid4().hex)


def _open(host: str, counter: dict[str, str]) -> bytes:
    return request("POST", f"/api/v1/counters/{counter['counter']}/shifts", host=host, token=counter["token"], body={})


def _next(host: str, counter: dict[str, str]) -> bytes:
    path = f"/api/v1/counters/{counter['counter']}/calls"
    return request("POST", path, host=host, token=counter["token"], body={"ending": "finished"})


def _summary(done: list[tuple[list[float], int]], seconds: float) -> dict[str, Any]:
    took = [each for latencies, _ in done for each in latencies]
    refused = sum(count for _, count in done)
    return {"rate": round(len(took) / seconds, 1), "answers": len(took), "not_201": refused, **figures(took)}


if __name__ == "__main__":
    jobs = {"fill": fill, "draw": draw, "call": call, "tell": tell}
    job = json.load(sys.stdin)
    sys.stdout.write(json.dumps(asyncio.run(jobs[job["kind"]](job))))
