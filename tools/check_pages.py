"""Look at the HTML of the reports in a real browser: axe-core finds nothing, and nothing is wider than the window.

    python tools/check_pages.py <folder of the npm package axe-core>

A copy of each page gets axe-core inlined and is opened in headless Chromium at two widths; the pages themselves run no
script. Exits with 1 where something is found.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.packs import register_of
from kakao_asi import reports

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
_WIDTHS = (1280, 360)
_RUN = """
axe.run(document).then(found => {
  const told = {
    violations: found.violations.map(one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]),
    passes: found.passes.length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
  const shown = document.createElement("template");
  shown.id = "found";
  shown.setAttribute("data-found", JSON.stringify(told));
  document.body.append(shown);
});
"""


def pages() -> dict[str, str]:
    """Return the pages by name: the report and the pack, in both languages, and the public pack."""
    register, since = register_of()
    found = {"report": reports.html(register)}
    for lang in ("ko", "en"):
        found[f"pack-{lang}"] = reports.committee(register, body="ai_safety", since=since, lang=lang, form="html")
    found["pack-public"] = reports.committee(register, body="top", since=since, form="html", profile="public")
    return found


def with_axe(page: str, axe: str) -> str:
    """Return a copy of a page that examines itself; its policy, which lets no script run, is left out."""
    bare = re.sub(r"<meta http-equiv=[^>]*>", "", page)
    script = axe.replace("</script", "<\\/script")
    return bare.replace("</body>", f"<script>{script}</script><script>{_RUN}</script></body>")


def seen(browser: str, file: Path, width: int) -> dict[str, Any]:
    """Open a page at a width and return what it found out about itself."""
    command = [browser, *_FLAGS, f"--window-size={width},2000", "--virtual-time-budget=60000", "--dump-dom"]
    done = subprocess.run([*command, file.as_uri()], capture_output=True, text=True, check=True, timeout=300)  # noqa: S603  # a browser of this machine on a file of ours
    told = re.search(r'data-found="([^"]*)"', done.stdout)
    if told is None:
        message = f"{file.name} at {width} pixels did not answer"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(told[1].replace("&quot;", '"').replace("&lt;", "<").replace("&amp;", "&"))
    return found


def main() -> int:
    """Check every page at every width and print what was found."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("skipped: no Chromium found")
        return 0
    axe = (Path(sys.argv[1]) / "axe.min.js").read_text("utf-8")
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, page in pages().items():
            file = Path(folder) / f"{name}.html"
            file.write_text(with_axe(page, axe), "utf-8")
            for width in _WIDTHS:
                found = seen(browser, file, width)
                bad += len(found["violations"]) + (found["wider"] > 0)
                passed, wider = found["passes"], max(found["wider"], 0)
                print(f"{name} at {width}: {len(found['violations'])} violations, {passed} passed, {wider} px too wide")
                for one in found["violations"]:
                    print(f"    {one[0]}, {one[1]} places, first: {one[2]}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
