"""Learning: An ensemble of networks

One idea: networks that make different mistakes are together wrong less often than each of them alone.
"""

from core.learning.ensemble import average, cross_entropy, errors_by_size, majority
from pages._kit import lab
from pages._parts.ensemble import views
from pages._parts.ensemble.figures import by_number

lab.opening(__doc__, predict="One network errs on 28 of 100 digits. On how many do seven err, asked together?")
controls, stage = lab.columns()
with controls:
    setting = views.controls()
with stage:
    views.stage(setting)
said = views.asked(setting)
found = [] if said is None else views.errors(setting.amount, len(said), setting.vote, setting.alike)
call = "majority(probabilities)" if setting.vote else "average(probabilities).argmax(axis=1)"
lab.closing(
    notice=views.told(setting),
    shows=(average, majority, errors_by_size, cross_entropy),
    call=call if said is None else f"{call}  # probabilities: {said.shape}",
    answer="About 15, with 500 digits to learn from: each network is wrong in its own way, and half of that cancels.",
    quiz=("Q190", "Q191"),
    exports={} if said is None else {
        "errors.csv": lambda: by_number(found, views.first(said, setting)).to_csv(index=False)
    },
    prepares="ps5",
)  # fmt: skip
