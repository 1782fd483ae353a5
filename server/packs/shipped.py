"""The packs of the four pilot sites, as they come with the program. Demonstration data until somebody confirms it."""

from functools import lru_cache
from importlib import resources

from server.packs.pack import Pack
from server.packs.reader import read_pack

SITES = ("rabat", "eljadida", "algeciras", "oukacha")


def shipped_text(site: str) -> str:
    if site not in SITES:
        raise KeyError(site)
    return (resources.files("server.packs") / "sites" / f"{site}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped_packs() -> tuple[Pack, ...]:
    return tuple(read_pack(shipped_text(site), filename=f"{site}.yaml") for site in SITES)
