"""Public sets to typed values, one function for each; the data is the user's own and none of it comes with citewire.

Without a path each looks in ``CITEWIRE_BENCH``; a path is a file, a folder with it, or a clone of the repository where
the set is published, if its form there is simple. ``PUBLISHED`` says of each what it is, its licence and where it is.
"""

from rag.evaluation.loaders.files import PUBLISHED, Published
from rag.evaluation.loaders.planting import Attack, Planted, bipia, plant
from rag.evaluation.loaders.questions import Search, doctored, realtimeqa, rgb, searches
from rag.evaluation.loaders.spans import chunking, multihop
from rag.evaluation.loaders.support import (
    SETS,
    Labelled,
    LabelledSet,
    faithbench,
    frank,
    labelled,
    summedits,
    wice,
)
from rag.evaluation.loaders.texts import Page, Segmented, extraction, sentseg
from rag.evaluation.loaders.wording import Event, Rated, Report, Step, Timeline, allsides, babe, background, neus

__all__ = [
    "PUBLISHED",
    "SETS",
    "Attack",
    "Event",
    "Labelled",
    "LabelledSet",
    "Page",
    "Planted",
    "Published",
    "Rated",
    "Report",
    "Search",
    "Segmented",
    "Step",
    "Timeline",
    "allsides",
    "babe",
    "background",
    "bipia",
    "chunking",
    "doctored",
    "extraction",
    "faithbench",
    "frank",
    "labelled",
    "multihop",
    "neus",
    "plant",
    "realtimeqa",
    "rgb",
    "searches",
    "sentseg",
    "summedits",
    "wice",
]
