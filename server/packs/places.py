"""A place in a pack's file: a YAML value that knows its line, its path and how to say what was expected there.

YAML is taken only as data: no aliases or anchors (a few lines can unfold to gigabytes), no key twice, no tags, one
document, 1 MB at most. A value is read as what the format expects at its place, never as what YAML guesses.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, TypeVar

import yaml

from server.domain.calendar import Span, span_from_text

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_TEXT = 2_000

T = TypeVar("T")

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Marks that turn text around would let a name rewrite the line it stands in; line ends would break a ticket.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


class PackError(Exception):
    """The first thing in a pack's file that is not as it has to be."""

    code = "pack_invalid"

    def __init__(self, *, file: str, line: int, path: str, expected: str, found: str) -> None:
        super().__init__(file, line, path, expected, found)
        self.file = file
        self.line = line
        self.path = path
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    #: `services[2].target.percent`; items of a list count from 1.
    path: str
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def wrong(self, expected: str, found: str | None = None) -> NoReturn:
        raise PackError(
            file=self.file, line=self.line, path=self.path, expected=expected, found=found or self._description
        )

    def is_null(self) -> bool:
        return self._tag == "null"

    def text(self) -> str:
        if self._tag != "str":
            self.wrong("text (in quotes, if it looks like a number or a date)")
        text = str(self.node.value)
        if not text or text != text.strip() or len(text) > MAX_TEXT or _UNPRINTABLE.search(text):
            self.wrong(f"one line of text of 1 to {MAX_TEXT} characters, without spaces around or control characters")
        return text

    def matching(self, shape: re.Pattern[str], expected: str) -> str:
        if self._tag != "str" or not shape.fullmatch(self.node.value):
            self.wrong(expected)
        return str(self.node.value)

    def one_of(self, choices: Collection[str], what: str) -> str:
        if self._tag != "str" or self.node.value not in choices:
            self.wrong(f"{what} ({', '.join(choices) or 'there is none'})")
        return str(self.node.value)

    def integer(self, low: int, high: int) -> int:
        if self._tag != "int" or not _INTEGER.fullmatch(self.node.value) or not low <= int(self.node.value) <= high:
            self.wrong(f"a whole number from {low} to {high}")
        return int(self.node.value)

    def boolean(self) -> bool:
        if self._tag != "bool" or self.node.value not in {"true", "false"}:
            self.wrong("true or false")
        return bool(self.node.value == "true")

    def day(self) -> date:
        expected = "a date that exists, such as 2026-11-24"
        if self._tag not in {"timestamp", "str"} or not _DAY.fullmatch(self.node.value):
            self.wrong(expected)
        try:
            return date.fromisoformat(self.node.value)
        except ValueError:
            self.wrong(expected)

    def span(self) -> Span:
        expected = "opening hours such as 08:30-16:30, within one day"
        if self._tag != "str":
            self.wrong(expected)
        try:
            return span_from_text(self.node.value)
        except ValueError:
            self.wrong(expected)

    def items(self) -> tuple["Place", ...]:
        if not isinstance(self.node, yaml.SequenceNode) or self._tag != "seq":
            self.wrong("a list")
        return tuple(
            Place(file=self.file, path=f"{self.path}[{n}]", node=item) for n, item in enumerate(self.node.value, 1)
        )

    def entries(self) -> Mapping[str, "Place"]:
        """What stands under each key, in the order of the file; no key stands twice."""
        if not isinstance(self.node, yaml.MappingNode) or self._tag != "map":
            self.wrong("keys with values")
        found: dict[str, Place] = {}
        for key_node, value in self.node.value:
            key_place = Place(file=self.file, path=self.path or "the file", node=key_node)
            if key_place._tag != "str":
                key_place.wrong("a key that is text")
            key = str(key_node.value)
            if key in found:
                key_place.wrong("each key once", f"{key!r} a second time")
            found[key] = Place(file=self.file, path=f"{self.path}.{key}".lstrip("."), node=value)
        return found

    def fields(self, *, needed: Collection[str], optional: Collection[str] = ()) -> Mapping[str, "Place"]:
        """As `entries`, with just these keys; an optional key that is null counts as absent."""
        found = self.entries()
        known = (*needed, *optional)
        for key, place in found.items():
            if key not in known:
                where = next(node for node, _ in self.node.value if node.value == key)
                Place(file=self.file, path=place.path, node=where).wrong(
                    f"one of the keys {', '.join(known)}", repr(key)
                )
        for key in needed:
            if key not in found:
                self.wrong(f"the key {key!r}", "none")
        return {key: place for key, place in found.items() if key in needed or not place.is_null()}

    @property
    def _tag(self) -> str:
        return str(self.node.tag).removeprefix(_TAG)

    @property
    def _description(self) -> str:
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        if isinstance(self.node, yaml.MappingNode):
            return "keys with values"
        value = str(self.node.value)
        return "nothing" if self.is_null() else repr(value if len(value) <= 60 else value[:57] + "…")


def maybe(place: Place | None, read: Callable[[Place], T]) -> T | None:
    return None if place is None or place.is_null() else read(place)


def root_of(text: str, *, filename: str) -> Place:
    _check_size(text, filename=filename)
    try:
        _check_events(text, filename=filename)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "something else"
        raise PackError(
            file=filename, line=mark.line + 1 if mark else 1, path="the file", expected="YAML", found=str(problem)
        ) from error
    if node is None:
        raise PackError(file=filename, line=1, path="the file", expected="a site pack", found="nothing")
    return Place(file=filename, path="", node=node)


def _check_size(text: str, *, filename: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise PackError(
            file=filename, line=line, path="the file", expected="text in UTF-8", found="half a character"
        ) from error
    if size > MAX_BYTES:
        raise PackError(
            file=filename, line=1, path="the file", expected=f"at most {MAX_BYTES} bytes", found=f"{size} bytes"
        )


def _check_events(text: str, *, filename: str) -> None:
    """Looked at event by event, before anything is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        found, tag = "", getattr(event, "tag", None)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            found = f"the alias or anchor {event.anchor!r}"
        elif tag is not None:
            found = f"the tag {tag!r}"
        elif depth > MAX_DEPTH:
            found = f"more than {MAX_DEPTH} levels"
        if found:
            mark = event.start_mark
            raise PackError(
                file=filename, line=mark.line + 1 if mark else 1, path="the file", expected="plain values", found=found
            )
