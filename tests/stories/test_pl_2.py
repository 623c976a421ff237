"""PL-2: one log and one point of it give the same pack on two machines, whatever their zone, language and seed."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from kakao_asi import Grade, RiskRegister, commands, reports
from kakao_asi.framework import Incident, IncidentRecord
from kakao_asi.stores import SQLiteStore

PROGRAM = """
import datetime as dt, hashlib, json, sys
from kakao_asi import RiskRegister, reports

with RiskRegister.open(sys.argv[1], read_only=True) as register:
    view = register.as_of(dt.datetime.fromisoformat(sys.argv[2]))
    since = dt.datetime.fromisoformat(sys.argv[3])
    found = {}
    for form in sys.argv[4].split(","):
        for lang in ("ko", "en"):
            pack = reports.committee(view, body="erm_committee", since=since, form=form, lang=lang)
            raw = pack if isinstance(pack, bytes) else pack.encode()
            found[f"{form} {lang}"] = hashlib.sha256(raw).hexdigest()
print(json.dumps(found))
"""
MACHINES = [
    {"TZ": "Asia/Seoul", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
    {"TZ": "America/New_York", "PYTHONHASHSEED": "4242", "LC_ALL": "POSIX", "PYTHONUTF8": "1"},
]


def forms() -> str:
    """The forms that can be written here."""
    try:
        import openpyxl  # noqa: F401  # asked whether it is there
    except ImportError:
        return "markdown,html,json,csv"
    return "markdown,html,json,csv,excel"


def read_on(machine: dict[str, str], *arguments: str) -> Any:
    """The digests of the packs that a machine writes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments, forms()],
        capture_output=True,
        text=True,
        check=True,
        env=environment | machine,
    )
    return json.loads(done.stdout)


@pytest.fixture
def written(start_life: Any, tmp_path: Any) -> Any:
    """A register in a file in which something of everything happened, and the instants of its period."""
    path = tmp_path / "asi.db"
    life = start_life(risk=False)
    life = start_life(risk=False, store=SQLiteStore(path, clock=life.clock), clock=life.clock)
    for name in ("a", "b", "c"):
        life.identify(name, title=f"{name}: 답변에 개인정보가 섞여 나옴", principles={"privacy", "user_protection"})
        life.assess(Grade.MEDIUM, name)
        life.respond(name)
    since = life.clock()
    life.forward(days=40)
    life.assess(Grade.HIGH, "a")
    incident = Incident(aware_at=life.clock(), kinds={"leak", "theft"}, people=3)
    life.submit(commands.Record(record=IncidentRecord(id="leak-1", system="chat", facts=incident, risks={"a", "b"})))
    life.register.release()
    return str(path), life.clock().isoformat(), since.isoformat()


@pytest.mark.long
def test_two_machines_write_the_same_bytes(written: Any) -> None:
    """Every form in both languages has the same bytes under another zone, locale and hash seed."""
    here, there = (read_on(machine, *written) for machine in MACHINES)

    assert here == there


def test_the_pack_names_its_checkpoint(written: Any) -> None:
    """A pack says which size and root of the log it stands on."""
    with RiskRegister.open(written[0]) as register:
        mark = register.checkpoint(origin="acme.example/risks")
        text = reports.committee(register, body="top", since=register.now(), checkpoint=mark, form="json")

    assert mark == json.loads(text)["checkpoint"]
