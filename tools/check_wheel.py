"""Check what a built wheel contains: all of the package, its licence, and nothing else.

Usage: `python tools/check_wheel.py dist/*.whl`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

SOURCE = Path("src")
# Code, the typing marker, and the kinds of data file that the package ships. A new kind is a decision: add it here.
ALLOWED = re.compile(
    r"""
    kakao_asi/ (?: [a-z0-9_]+/ )* (?: [a-z0-9_]+\.(?:py|json|css|toml) | py\.typed )
    | kakao_asi-[0-9a-z.]+\.dist-info/ (?: METADATA | WHEEL | RECORD | entry_points\.txt | licenses/(?:LICENSE|NOTICE) )
    """,
    re.VERBOSE,
)
REQUIRED = ("/METADATA", "/RECORD", "/WHEEL", "/licenses/LICENSE", "/licenses/NOTICE", "kakao_asi/py.typed")


def problems(wheel: Path) -> Iterator[str]:
    """Say what is wrong with the file list of a wheel, one line per problem."""
    names = set(ZipFile(wheel).namelist())
    yield from (f"not on the allow-list: {name}" for name in sorted(names) if not ALLOWED.fullmatch(name))
    source = {file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*") if file.is_file()}
    source = {name for name in source if "__pycache__" not in name}
    yield from (f"missing: {name}" for name in sorted(source - names))
    yield from (f"missing: {end}" for end in REQUIRED if not any(name.endswith(end) for name in names))


def main(wheel: Path) -> int:
    """Print the problems of a wheel; 0 means there are none."""
    found = list(problems(wheel))
    print("\n".join(found) or f"{wheel.name}: {len(ZipFile(wheel).namelist())} files, all of them expected")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
