"""Fetch one document by its address into a file, for reading or tagging. Only this script ever uses the network.

The library takes files and bytes, never addresses; what is fetched is looked at only by `nlp.read`, within its limits.
"""

import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from nlp.console import err, out, script, spoken_errors
from nlp.errors import DoelwijzerError

PIECE = 1 << 16  # bytes read at a time


def fetch(url: str, to: Path, *, most: int, timeout: float) -> int:
    """Write what stands at an http(s) address to a file, whole or not at all; returns its bytes.

    Raises DoelwijzerError: no such address, no answer within `timeout` seconds, or more than `most` bytes.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DoelwijzerError(f"{url}: not a web address.", hint="Give an address that begins with https://.")
    part = to.with_name(to.name + ".part")
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer, part.open("wb") as file:
            size = 0
            while piece := answer.read(PIECE):
                size += len(piece)
                if size > most:
                    raise DoelwijzerError(
                        f"{url}: more than {most:,} bytes.", hint="Raise --max-bytes if you trust it."
                    )
                file.write(piece)
        part.replace(to)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise DoelwijzerError(f"{url}: {error}.", hint="Check the address, and whether you are online.") from None
    finally:
        part.unlink(missing_ok=True)
    return size


def main(
    url: Annotated[str, typer.Argument(help="Where the document is: https://…", show_default=False)],
    to: Annotated[Path, typer.Option("--out", help="The file to write.")],
    max_bytes: Annotated[int, typer.Option(help="Give up beyond this size.", min=1)] = 100_000_000,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for an answer.", min=0.1)] = 60,
) -> None:
    """Fetch one document into a file. Exit code 2: it could not be fetched."""
    with spoken_errors():
        size = fetch(url, to, most=max_bytes, timeout=timeout)
    err.print(f"{size:,} bytes", style="dim")
    out.print(str(to), highlight=False)


if __name__ == "__main__":
    script(main)
