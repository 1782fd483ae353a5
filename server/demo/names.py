"""Names for people who don't exist: plausible first names, and family names out of the spice market and the garden."""

import random
from collections.abc import Iterator

FIRST = (
    "Amina", "Anas", "Aziza", "Bouchra", "Driss", "Fadma", "Farid", "Ghita", "Hajar", "Hamza", "Hind", "Idder",
    "Ilyas", "Itto", "Jamila", "Karim", "Khadija", "Lahcen", "Latifa", "Malika", "Mehdi", "Mounir", "Nadia", "Nawal",
    "Omar", "Rachid", "Rim", "Said", "Salma", "Tarik", "Touda", "Yassin", "Youssef", "Zahra", "Zineb", "Ziri",
)  # fmt: skip
FAMILY = (
    "Argane", "Basilic", "Bigarade", "Cannelle", "Caroube", "Chamomille", "Citronnelle", "Coriandre", "Curcuma",
    "Fenouil", "Figuier", "Genévrier", "Gingembre", "Grenadine", "Jasmin", "Lavande", "Louiza", "Mandarine",
    "Marjolaine", "Menthe", "Muscade", "Myrte", "Nigelle", "Olivier", "Origan", "Pistache", "Romarin", "Safran",
    "Sarriette", "Sésame", "Tamaris", "Thym", "Verveine", "Zaatar",
)  # fmt: skip


def people(dice: random.Random) -> Iterator[str]:
    """Full names, none of them twice."""
    pairs = [f"{first} {family}" for first in FIRST for family in FAMILY]
    dice.shuffle(pairs)
    yield from pairs
