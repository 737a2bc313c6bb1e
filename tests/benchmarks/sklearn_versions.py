"""A saved model under the oldest and the newest libraries allowed: `python tests/benchmarks/sklearn_versions.py [oldest|newest]`.

For each a virtual environment is made in a temporary folder, with the lower bounds of pyproject.toml for the numerical
libraries or with the newest there are, and the tests that hold models run in it. Fetches packages, so it is no test.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NUMERICAL = ("numpy", "scipy", "scikit-learn", "pandas", "joblib")
TESTS = ("test_fixture_model", "test_models", "test_classify", "test_features", "test_targets")
TOOLS = ("pytest", "hypothesis", "jsonschema")
SHOW = "from importlib.metadata import version as v; print(*(f'{{n}} {{v(n)}}' for n in {names!r}), sep=', ')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="?", choices=["oldest", "newest"], help="default both")
    which = parser.parse_args().which
    failed = [name for name in ([which] if which else ["oldest", "newest"]) if not passes(name)]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def passes(name: str) -> bool:
    with tempfile.TemporaryDirectory(prefix=f"doelwijzer-{name}-") as folder:
        python = Path(folder) / "bin" / "python"
        venv.create(folder, with_pip=True)
        pins = [f"{library}=={bound}" for library, bound in lower_bounds().items()] if name == "oldest" else []
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--editable",
            str(ROOT),
        ]
        if subprocess.run([*install, *TOOLS, *pins]).returncode:
            return False
        print(
            f"{name}: {subprocess.check_output([python, '-c', SHOW.format(names=NUMERICAL)], text=True)}",
            end="",
            flush=True,
        )
        tests = [f"tests/{test}.py" for test in TESTS]
        options = ["-p", "no:cacheprovider", "-o", "addopts=-q", "-W", "error::RuntimeWarning"]
        return subprocess.run([python, "-m", "pytest", *options, *tests], cwd=ROOT).returncode == 0


def lower_bounds() -> dict[str, str]:
    """Of the numerical libraries, as pyproject.toml has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = (re.fullmatch(r"([\w-]+)>=([\w.]+)", line) for line in project["dependencies"])
    return {bound[1]: bound[2] for bound in bounds if bound and bound[1] in NUMERICAL}


if __name__ == "__main__":
    main()
