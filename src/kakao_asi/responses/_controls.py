"""Controls: what can be done about a risk, whose risks each one fits, and when it counts as verified.

Ids, texts and fit are ours. Malice and carelessness are answered by different controls, and so are a system that
answers wrongly and one that acts on its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from .._internal.fields import as_nfc, check_bool, check_id, check_kind, check_text, check_tuple_of
from .._internal.words import Lang, OrderedWord, Origin
from ..assessments import ErrorKind
from ..taxonomy import RiskCategory

__all__ = ["CONTROLS", "Control", "Preference", "controls_for"]


class Preference(OrderedWord):
    """Which controls come first: what removes the risk, then what reduces it, then what tells people about it.

    Source: EU AI Act, article 9(5); the words are ours.
    """

    ELIMINATE = "eliminate", "제거", "Eliminate"
    MITIGATE = "mitigate", "완화", "Mitigate"
    INFORM_AND_TRAIN = "inform_and_train", "안내·교육", "Inform and train"


@frozen(kw_only=True)
class Control:
    """Something that can be done about a risk.

    Attributes:
        id: stable id, for example ``ai.output_filter``.
        ko: Korean label, 1 to 200 characters.
        en: English label, 1 to 200 characters.
        categories: the categories it fits; at least one.
        order: how early it is to be considered.
        verified_when_ko: what must be shown before it counts as verified, in Korean, at most 500 characters.
        verified_when_en: the same in English.
        people_only: true if it works only as far as people keep to it; a risk from AI needs more.
        stops_or_detects: true if it stops misuse or detects it while it happens.
        error_kinds: kinds of careless error it suits best.
        origin: who says so; a team's own control is OURS as well.
    """

    id: str = field(validator=check_id)
    ko: str = field(converter=as_nfc, validator=check_text())
    en: str = field(converter=as_nfc, validator=check_text())
    categories: frozenset[RiskCategory] = field(
        validator=check_tuple_of(check_kind(RiskCategory), least=1, kind=frozenset)
    )
    order: Preference = field(validator=check_kind(Preference))
    verified_when_ko: str = field(converter=as_nfc, validator=check_text(longest=500))
    verified_when_en: str = field(converter=as_nfc, validator=check_text(longest=500))
    people_only: bool = field(default=False, validator=check_bool)
    stops_or_detects: bool = field(default=False, validator=check_bool)
    error_kinds: frozenset[ErrorKind] = field(
        default=frozenset(), validator=check_tuple_of(check_kind(ErrorKind), kind=frozenset)
    )
    origin: Origin = field(default=Origin.OURS, validator=check_kind(Origin))

    def label(self, lang: Lang) -> str:
        """Return the label in the language asked for."""
        return self.ko if lang == "ko" else self.en

    def verified_when(self, lang: Lang) -> str:
        """Return what must be shown, in the language asked for."""
        return self.verified_when_ko if lang == "ko" else self.verified_when_en


_E, _M, _I = Preference.ELIMINATE, Preference.MITIGATE, Preference.INFORM_AND_TRAIN
_SLIP, _LAPSE, _MISTAKE = ErrorKind.SLIP, ErrorKind.LAPSE, ErrorKind.MISTAKE
_RELIANCE, _GAP = ErrorKind.OVERRELIANCE, ErrorKind.PROCESS_GAP

_VERIFIED_WHEN = {
    "ai": (
        "변경된 구성요소의 다이제스트로 같은 지표를 다시 측정하고 잔여 리스크 요인을 첨부한 때",
        "The same metric was measured again on the changed digest, and the residual factors are attached",
    ),
    "uc": (
        "날짜가 남은 훈련에서 정지 시간, 거부권 행사, 트립와이어 작동을 확인한 때",
        "A dated drill shows the time to stop, a veto used or the tripwire fired",
    ),
    "mu": (
        "공격 세트를 다시 실행해 성공률을 재고 조치에 걸린 시간을 측정한 때",
        "The attack set was run again with the rate after it, and the time to action was measured",
    ),
    "ng": (
        "일부러 넣은 오류가 걸러지고 실제 설정을 다시 읽어 확인한 때",
        "Seeded errors were caught, and the configuration was read back",
    ),
    "any": (
        "승인 관문이나 접근 상태에서 직접 확인한 때",
        "The state of the gate or of the access itself shows it",
    ),
}

_FITS = {
    "ai": frozenset({RiskCategory.MODEL_IMPERFECTION}),
    "uc": frozenset({RiskCategory.UNCONTROLLABILITY}),
    "mu": frozenset({RiskCategory.ACTIVE_MISUSE}),
    "ng": frozenset({RiskCategory.PASSIVE_NEGLIGENCE}),
    "any": frozenset(RiskCategory),
}

_PEOPLE_ONLY = frozenset({"ng.training", "ng.checklist", "ng.job_aid", "any.inform_users"})

_STOPS_OR_DETECTS = frozenset(
    {
        "mu.input_filter",
        "mu.rate_limit",
        "mu.access_control",
        "mu.age_check",
        "mu.account_action",
        "mu.watermark",
        "mu.takedown",
        "mu.report_channel",
        "any.withhold",
        "any.restrict",
        "any.withdraw",
    }
)

_ERROR_KINDS = {
    "ng.two_person": {_SLIP, _LAPSE, _MISTAKE},
    "ng.range_guard": {_SLIP},
    "ng.dry_run": {_SLIP, _MISTAKE},
    "ng.change_control": {_LAPSE, _GAP},
    "ng.checklist": {_LAPSE},
    "ng.least_privilege": {_SLIP, _GAP},
    "ng.ui_friction": {_SLIP, _RELIANCE},
    "ng.training": {_MISTAKE, _RELIANCE},
    "ng.job_aid": {_LAPSE, _MISTAKE},
}

_SHIPPED: tuple[tuple[str, str, str, Preference], ...] = (
    ("ai.data_fix", "학습·평가 데이터 정비", "Repair the data", _E),
    ("ai.retrain", "모델 재학습", "Train the model again", _E),
    ("ai.output_filter", "출력 필터", "Filter the output", _M),
    ("ai.grounding", "근거 자료 연결", "Ground answers in sources", _M),
    ("ai.abstain", "불확실할 때 답변 보류", "Abstain when unsure", _M),
    ("ai.fallback_model", "대체 모델로 전환", "Fall back to another model", _M),
    ("ai.rollback", "이전 버전으로 복원", "Roll back to the version before", _M),
    ("ai.regression_suite", "회귀 시험 모음", "Run a regression suite", _M),
    ("uc.limit_autonomy", "자율성 제한", "Limit autonomy", _E),
    ("uc.least_tools", "도구 최소화", "Give the fewest tools", _E),
    ("uc.deactivate", "기능 비활성화", "Deactivate", _E),
    ("uc.human_approval", "사람의 사전 승인", "Ask a human first", _M),
    ("uc.sandbox", "격리 환경 실행", "Run in a sandbox", _M),
    ("uc.emergency_stop", "긴급 정지", "Emergency stop", _M),
    ("uc.staged_release", "단계적 배포", "Release in stages", _M),
    ("uc.tripwire", "이상 동작 트립와이어", "Tripwire", _M),
    ("mu.access_control", "접근 통제", "Control access", _E),
    ("mu.age_check", "연령 확인", "Check the age", _M),
    ("mu.input_filter", "입력 필터", "Filter the input", _M),
    ("mu.rate_limit", "사용량 제한", "Limit the rate", _M),
    ("mu.account_action", "계정 조치", "Act on accounts", _M),
    ("mu.watermark", "생성물 워터마크", "Watermark the output", _M),
    ("mu.takedown", "생성물 삭제·차단", "Take output down", _M),
    ("mu.report_channel", "신고 창구", "Open a reporting channel", _M),
    ("mu.red_team", "레드팀 시험", "Red-team it", _M),
    ("ng.least_privilege", "최소 권한", "Least privilege", _E),
    ("ng.range_guard", "입력값 범위 제한", "Guard the range of inputs", _E),
    ("ng.two_person", "2인 확인", "Two-person rule", _M),
    ("ng.dry_run", "사전 모의 실행", "Dry run", _M),
    ("ng.change_control", "변경 관리", "Change control", _M),
    ("ng.ui_friction", "화면상 확인 절차", "Friction in the interface", _M),
    ("ng.checklist", "체크리스트", "Checklist", _I),
    ("ng.training", "교육", "Training", _I),
    ("ng.job_aid", "작업 안내서", "Job aid", _I),
    ("any.withhold", "출시 보류", "Withhold", _E),
    ("any.withdraw", "제공 중단", "Withdraw", _E),
    ("any.restrict", "제공 범위 제한", "Restrict", _M),
    ("any.share", "리스크 분담", "Share", _M),
    ("any.retain", "리스크 보유", "Retain", _M),
    ("any.inform_users", "이용자 안내", "Inform the users", _I),
)


def _control(id: str, ko: str, en: str, order: Preference) -> Control:  # the word the whole library uses
    family = id.partition(".")[0]
    when_ko, when_en = _VERIFIED_WHEN[family]
    return Control(
        id=id,
        ko=ko,
        en=en,
        categories=_FITS[family],
        order=order,
        verified_when_ko=when_ko,
        verified_when_en=when_en,
        people_only=id in _PEOPLE_ONLY,
        stops_or_detects=id in _STOPS_OR_DETECTS,
        error_kinds=frozenset(_ERROR_KINDS.get(id, ())),
    )


CONTROLS: Mapping[str, Control] = MappingProxyType({row[0]: _control(*row) for row in _SHIPPED})
"""The shipped controls by id (our choice); a team passes its own mapping where it has more or others."""


def controls_for(
    category: RiskCategory, *, error_kind: ErrorKind | None = None, catalogue: Mapping[str, Control] = CONTROLS
) -> tuple[Control, ...]:
    """Return the controls that fit a category, in the order in which to consider them.

    Args:
        category: category of the risk.
        error_kind: how a careless error comes about; controls that suit it come first within each preference.
        catalogue: the controls to choose from.

    Returns:
        What eliminates before what mitigates before what informs; then by fit to ``error_kind``, then those made for
        fewer categories, then in the order of the catalogue.
    """
    fitting = [control for control in catalogue.values() if category in control.categories]
    return tuple(
        sorted(fitting, key=lambda one: (one.order.rank, error_kind not in one.error_kinds, len(one.categories)))
    )
