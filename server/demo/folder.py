"""The folder of a demonstration: one that is missing, empty or a demonstration's own already, and no other.

Whatever else a folder holds, it is refused and left alone; only a demonstration's own is ever emptied.
"""

import shutil
from pathlib import Path

from server.web import demo_facts
from server.web.demo_facts import DemoFacts


class NotADemo(Exception):  # noqa: N818 - reads as what is wrong
    """The folder holds something that is not a demonstration."""


def check_folder(folder: Path) -> None:
    """Raises NotADemo."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not demo_facts.holds_demo(folder))):
        raise NotADemo(f"{folder} holds something that is not a demonstration. Name another folder with --data.")


def take_folder(folder: Path, *, fresh: bool) -> DemoFacts | None:
    """The demonstration that is to be continued; None, and an empty folder, if one is to be made. Raises NotADemo."""
    check_folder(folder)
    found = None if fresh else demo_facts.read_demo(folder)
    if found is None and folder.exists():
        _empty(folder)
    return found


def _empty(folder: Path) -> None:
    """The mark goes last: a folder that is half emptied still says that it is a demonstration's."""
    for child in sorted(folder.iterdir(), key=lambda child: child.name == demo_facts.FILE):
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()
