"""What reads on a colour."""

from __future__ import annotations

BLACK, WHITE = "#000", "#fff"


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 (black) to 1 (white): WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(colour: str) -> str:
    """Black or white: whichever reads better on a colour "#RRGGBB" (contrast of WCAG 2.2, always above 4.5)."""
    return BLACK if (luminance(colour) + 0.05) ** 2 > 0.05 * 1.05 else WHITE
