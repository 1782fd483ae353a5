"""The files of the repository as the house rules see them: what we wrote ourselves, nothing vendored or made."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kiosk", "display", "counter", "server", "printers")
#: Not ours, or made by a command.
LEFT_OUT = {"vendor", "node_modules", "dist", "build", "data", "screenshots", "__pycache__"}


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    for path in sorted((ROOT / under).rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        if path.is_file() and not hidden and not LEFT_OUT & set(parts) and path.suffix in (suffixes or (path.suffix,)):
            yield path


def modules() -> Iterator[Path]:
    """The product's own Python."""
    for package in PACKAGES:
        yield from files(".py", under=package)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
