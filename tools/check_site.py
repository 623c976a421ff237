"""Check a built site: both languages have the same pages, every script and style exists, nobody outside is called.

`mkdocs build --strict` sees none of these three. Usage: `python tools/check_site.py site`.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

KOREAN = "ko"
NOT_FOUND = "404.html"  # one for both languages: a host serves it from the root
# Fetched by `make docs` only, because it needs npm; without it diagrams show as text.
FETCHED = Path("assets/js/mermaid.min.js")
LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "video": ("src", "poster"),
}
PLAIN_LINKS = frozenset({"alternate", "author", "canonical", "license", "next", "prev"})
STYLE_URL = re.compile(r"""@import\s+["']([^"']+)|url\(\s*["']?([^"')]+)""")


class Loads(HTMLParser):
    """Collects what a page loads by itself; links that a reader clicks are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of a tag that loads something."""
        values = {name: value for name, value in attrs if value}
        self._style = tag == "style"
        if tag == "link" and set(values.get("rel", "").split()) <= PLAIN_LINKS:
            return
        for name in LOADING.get(tag, ()):
            for address in values.get(name, "").split(",") if name == "srcset" else [values.get(name, "")]:
                if address.strip():
                    self.found.append(address.split()[0])
        self.found += style_addresses(values.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a style element."""
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Note the addresses inside a style element."""
        if self._style:
            self.found += style_addresses(data)


def style_addresses(text: str) -> list[str]:
    """The addresses that a piece of CSS loads."""
    return [first or second for first, second in STYLE_URL.findall(text)]


def addresses(file: Path) -> list[str]:
    """What a page or a style sheet loads by itself."""
    text = file.read_text("utf-8")
    if file.suffix == ".css":
        return style_addresses(text)
    parser = Loads()
    parser.feed(text)
    return parser.found


def pages(folder: Path, *, without: str = "") -> set[str]:
    """The HTML pages below a folder, by their path in it."""
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*.html")}
    return {page for page in found if not without or not page.startswith(f"{without}/")}


def problems(site: Path) -> Iterator[str]:
    """Say what is wrong with a built site, one line per problem."""
    english, korean = pages(site, without=KOREAN) - {NOT_FOUND}, pages(site / KOREAN)
    yield from (f"only in English: {page}" for page in sorted(english - korean))
    yield from (f"only in Korean: {page}" for page in sorted(korean - english))
    if not english:
        yield f"no page below {site}"
    for file in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        for address in addresses(file):
            parts = urlsplit(address)
            if parts.scheme == "data" or (not parts.scheme and not parts.netloc and not parts.path):
                continue
            if parts.scheme or parts.netloc:
                yield f"{file.relative_to(site)} loads {address} from outside"
                continue
            # Only the page for unknown addresses has such paths, because it is served from any folder.
            start = site if parts.path.startswith("/") else file.parent
            target = (start / unquote(parts.path).lstrip("/")).resolve()
            if not target.exists() and not target.is_relative_to(site.resolve() / FETCHED):
                yield f"{file.relative_to(site)} needs {address}, which does not exist"


def main(site: Path) -> int:
    """Print the problems of a site; 0 means there are none."""
    found = list(problems(site))
    print("\n".join(found) or f"{len(pages(site))} pages, the same in both languages; nothing loads from outside")
    if not (site / FETCHED).exists():
        print(f"note: without {FETCHED} diagrams show as text; `make docs` fetches it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
