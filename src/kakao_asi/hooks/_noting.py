"""Making findings: static facts of the place, the activity around it, and what was seen."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from .._internal.sites import Site
from ..findings import Finding, FindingKey, Scalar, Verdict
from ..signals import Recorder, current
from ..signals._counting import counts
from ..taxonomy import Actor, RiskCategory
from ._context import enclosing, live
from ._trouble import Token, busy, is_busy, tell_once, trouble

__all__ = ["MARK", "cause_of", "cause_of_type", "key_of", "note", "note_error", "source_of"]

MARK = "_kakao_asi_noted"
"""The attribute of an exception that names the risks it was counted for."""
_LONGEST_NAME = 100


def note(
    site: Site,
    *,
    verdict: Verdict,
    risk: str | None = None,
    label: str | None = None,
    cause: str | None = None,
    score: str | None = None,
    facts: Mapping[str, Scalar] | None = None,
    actor: Actor | None = None,
    category: RiskCategory | None = None,
    policy: str | None = None,
) -> bool:
    """Report one thing that was seen; return whether somebody took it. Never raises, but under the test kit.

    The actor and category of a risk that the board knows win over what is passed.
    """
    recorder = current()
    if recorder is None:
        return False
    if is_busy():  # entered again, by a logger, __del__ or a signal handler
        counts.add("reentered")
        return False
    token = Token()
    try:
        busy.holder = weakref.ref(token)
        actor, category = source_of(recorder, risk, actor, category)
        key = key_of(site, risk=risk, actor=actor, cause=cause, label=label, verdict=verdict)

        def build() -> Finding:
            return _built(key, site, recorder, verdict=verdict, actor=actor, category=category, score=score,
                          facts=facts or {}, policy=policy)  # fmt: skip

        return recorder.offer(key, build)
    except Exception as error:  # noqa: BLE001  # our own failure must not reach the call
        trouble(site, error, recorder)
        return False
    finally:
        busy.holder = None


def key_of(
    site: Site, *, risk: str | None, actor: Actor | None, cause: str | None, label: str | None, verdict: Verdict
) -> FindingKey:
    """Return what groups a finding of a place with others."""
    return FindingKey(risk, None if actor is None else actor.id, site.component, site.name, cause, label, verdict.id)


def source_of(
    recorder: Recorder, risk: str | None, actor: Actor | None, category: RiskCategory | None
) -> tuple[Actor | None, RiskCategory | None]:
    """Return actor and category of a finding: those of the risk, if the board knows it, else what is suggested."""
    known = None if risk is None or recorder.state is None else recorder.state.risk(risk)
    if known is not None:
        return known.category.actor, known.category
    if category is not None and actor is None:
        actor = category.actor
    return actor, category


def _built(key: FindingKey, site: Site, recorder: Recorder, *, facts: Mapping[str, Scalar], **parts: Any) -> Finding:
    around = enclosing.get()
    if around is None and live:
        tell_once(site, "context", "a finding has lost its activity, submit the work through carry(),")
    return Finding(
        risk=key.risk,
        component=key.component,
        stage=None if around is None else around.stage,
        site=key.site,
        label=key.label,
        cause=key.cause,
        facts={**(around.facts if around is not None else {}), **facts},
        at=recorder.now(),
        run=None if around is None else around.run,
        **parts,
    )


def note_error(site: Site, risk: str, error: BaseException, leaves: Iterable[BaseException]) -> None:
    """Report exceptions, each once for a risk, however many hooks it passes on its way up.

    The mark stays on the exception itself, because most exceptions take no weak reference. It is set only after the
    finding was taken.
    """
    try:
        for leaf in leaves:
            noted: tuple[str, ...] = getattr(leaf, MARK, ())
            if risk not in noted and note(
                site, risk=risk, verdict=Verdict.FLAG, cause=cause_of(leaf), facts=_facts_of(error, leaf)
            ):
                _mark(leaf, (*noted, risk))
    except Exception as trouble_met:  # noqa: BLE001  # our own failure must not reach the call
        trouble(site, trouble_met, current())


def _mark(error: BaseException, noted: tuple[str, ...]) -> None:
    try:
        setattr(error, MARK, noted)
    except AttributeError:  # an exception class without a place for it counts once a hook
        return


def cause_of(error: BaseException) -> str:
    """Return the name of an exception's type, if it is one that source code can hold."""
    return cause_of_type(type(error))


def cause_of_type(kind: type[BaseException]) -> str:
    """Return the name of a type, if it is one that source code can hold."""
    name = kind.__name__
    return name if name.isidentifier() and len(name) <= _LONGEST_NAME else "unnamed"


def _facts_of(error: BaseException, leaf: BaseException) -> dict[str, Scalar]:
    return {} if leaf is error else {"group": cause_of(error)}
