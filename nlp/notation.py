"""Numbers as Dutch readers write them."""

from __future__ import annotations


def decimal(number: float, places: int = 2, *, sign: bool = False) -> str:
    """0,93 or −1,20."""
    said = f"{number:+.{places}f}" if sign else f"{number:.{places}f}"
    return said.replace(".", ",").replace("-", "−")


def thousands(number: int) -> str:
    """12.345."""
    return f"{number:,}".replace(",", ".")


def counted(number: int, one: str, many: str) -> str:
    """1 passage, 2 passages."""
    return f"{thousands(number)} {one if number == 1 else many}"
