"""Whether a strategy and its controls fit the category, and so the actor, of a risk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ..taxonomy import Actor, RiskCategory
from ._controls import CONTROLS, Control
from ._strategy import Strategy

__all__ = ["Misfit", "misfits", "people_measures_alone"]

_BLAMES = "mu.account_action"


class Misfit(NamedTuple):
    """One reason why a response does not fit a risk.

    Attributes:
        code: ``control_unknown``, ``control_misfit``, ``blames_carelessness``, ``misuse_unstopped`` or
            ``legal_obligation``.
        ko: the reason in Korean.
        en: the reason in English.
    """

    code: str
    ko: str
    en: str


def misfits(
    category: RiskCategory,
    strategy: Strategy,
    controls: Iterable[str],
    legal_obligation: bool = False,
    *,
    catalogue: Mapping[str, Control] = CONTROLS,
) -> tuple[Misfit, ...]:
    """Return why a response does not fit a risk; empty: it fits.

    Args:
        category: category of the risk; it implies the actor.
        strategy: what the response wants to reach.
        controls: ids of the controls, of this response or of all responses that stand together.
        legal_obligation: true if living with the risk would break a law.
        catalogue: the controls that exist.

    Returns:
        All reasons, first those about single controls in the order given.
    """
    chosen = tuple(controls)
    found = [one for id in chosen for one in _misfit(category, id, catalogue)]  # the library's word
    if category is RiskCategory.ACTIVE_MISUSE and strategy is not Strategy.AVOID and not _stops(chosen, catalogue):
        ko = "의도적 악용에는 막거나 찾아내는 통제가 하나 이상 필요함"
        en = "misuse on purpose needs at least one control that stops or detects it"
        found.append(Misfit("misuse_unstopped", ko, en))
    if legal_obligation and strategy is Strategy.RETAIN:
        ko = "법적 의무 위반에 해당하는 리스크는 보유할 수 없음"
        found.append(Misfit("legal_obligation", ko, "a risk that would break a law cannot be retained"))
    return tuple(found)


def _misfit(category: RiskCategory, id: str, catalogue: Mapping[str, Control]) -> Iterable[Misfit]:
    control = catalogue.get(id)
    if category is RiskCategory.PASSIVE_NEGLIGENCE and id == _BLAMES:
        ko = f"{id}: 부주의에는 계정 제재로 대응하지 않음. 부주의용 통제를 선택할 것"
        yield Misfit(
            "blames_carelessness",
            ko,
            f"{id}: carelessness is not answered by acting on accounts; choose its own controls",
        )
    elif control is None:
        yield Misfit("control_unknown", f"{id}: 목록에 없는 통제", f"{id}: no such control in the catalogue")
    elif category not in control.categories:
        ko = f"{id}: ‘{category.ko}’ 리스크에 맞지 않는 통제"
        yield Misfit("control_misfit", ko, f"{id}: does not fit a risk of category {category.id}")


def _stops(controls: Iterable[str], catalogue: Mapping[str, Control]) -> bool:
    """Tell whether one of the controls is made for misuse and stops or detects it."""
    known = (catalogue[one] for one in controls if one in catalogue)
    return any(one.stops_or_detects and RiskCategory.ACTIVE_MISUSE in one.categories for one in known)


def people_measures_alone(
    category: RiskCategory, controls: Collection[str], *, catalogue: Mapping[str, Control] = CONTROLS
) -> bool:
    """Tell whether a risk from AI is answered by measures that only work as far as people keep to them.

    Args:
        category: category of the risk.
        controls: ids of the controls of all its responses.
        catalogue: the controls that exist; one that is not in it proves nothing and counts as such a measure.

    Returns:
        False for risks from humans, and where there is no control at all.
    """
    if category.actor is not Actor.AI or not controls:
        return False
    return all(one not in catalogue or catalogue[one].people_only for one in controls)
