"""What a page weighs on the wire: the document and everything it names, as a browser that has nothing yet gets it."""

import re
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

_NAMED = (
    re.compile(r"""(?:src|href)=["']([^"'#]+\.(?:css|js|mjs|svg|png|woff2|ico)(?:\?[^"']*)?)["']"""),
    re.compile(r"""url\(["']?([^"')#]+)["']?\)"""),
    re.compile(r"""(?:from|import)\s*\(?["'](\.{0,2}/[^"']+)["']"""),
)
_TEXT = ("text/", "javascript", "json", "svg")


def weight_kb(host: str, *, enrol: str, page: str) -> float:
    """Header and body bytes of the page and of all it leads to, with fonts: more than a browser may really take."""
    cookies = _enrol(host, enrol)
    waiting, seen, total = [page], set(), 0
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        size, text = _get(host, path, cookies)
        total += size
        for pattern in _NAMED:
            waiting += [urlsplit(urljoin(path, found)).path for found in pattern.findall(text) if ":" not in found]
    return round(total / 1000, 1)


def _enrol(host: str, address: str) -> str:
    line = HTTPConnection(host, timeout=10)
    line.request("GET", urlsplit(address).path)
    answer = line.getresponse()
    answer.read()
    return "; ".join(value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")


def _get(host: str, path: str, cookies: str) -> tuple[int, str]:
    line = HTTPConnection(host, timeout=10)
    line.request("GET", path, headers={"Cookie": cookies, "Accept-Encoding": "identity"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    kind = answer.getheader("Content-Type", "")
    text = body.decode() if any(known in kind for known in _TEXT) else ""
    return len(body) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()), text
