"""The promise of this library: one risk registered, assessed, answered, escalated and reported in twelve statements.

Run it in a folder that holds the result of an evaluation as ``eval.json``.
"""

from datetime import date

import kakao_asi as asi

register = asi.RiskRegister.open("asi.db")
register.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
register.identify(
    asi.Risk(
        id="leaks-rrn",
        title="A reply repeats a resident registration number",
        category=asi.RiskCategory.MODEL_IMPERFECTION,
        system="demo-chat",
        component="reply",
        principles={"privacy"},
        owner="serving",
    ),
    by="ml.lee",
)
register.assess(
    "leaks-rrn",
    asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.SEVERE, exposes={asi.DataClass.UNIQUE_ID}),
    evidence=[asi.Evidence.of_file("eval.json")],
    by="safety.han",
)
register.respond(
    "leaks-rrn",
    asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["ai.output_filter"],
        owner="serving",
        due=date(2026, 12, 1),
    ),
    by="ml.lee",
)
case = register.escalate("demo-chat", asi.Matter.RELEASE, by="ml.lee", because="version 2.1 is ready")
print(register.explain(case.id, lang="ko"))  # which bodies, in which order, why, by when, who is still missing
print(register.gate("demo-chat", asi.Stage.DEPLOYMENT))  # blocked: a HIGH risk on an external system, two seats empty
asi.reports.html(register, "report.html")
