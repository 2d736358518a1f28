"""Features and retrieval: Parcels by hand or by network

One idea: an expert's features need few examples and can be argued about; learned ones need many and no expert.
"""

from core.features.handcrafted import parcel_features
from core.features.parcel_nets import by_features, by_maps
from core.learning.train import train
from pages._kit import lab
from pages._parts.parcels import views

VIEWS = {"Measure one": views.measure, "Draw the lines": views.lines, "Let networks decide": views.networks}
WORKS = (parcel_features, by_features, by_maps, train)  # what the views run

lab.opening(
    __doc__,
    predict="60 parcels to learn from, five kinds. Who is wrong less often: seven measured numbers into a small "
    "network, or a CNN on the height map?",
)
said = lab.one_of(VIEWS)

lab.closing(
    notice=said.notice,
    shows=said.shows,
    call=said.call,
    answer="The measured numbers: about 20 % wrong, the CNN about 45 %. With 800 parcels both are better, and the CNN "
    "is still behind.",
    quiz=("Q207", "Q208"),
    prepares="ps4",
    exports={"parcels.csv": lambda: said.table.to_csv()},
)
