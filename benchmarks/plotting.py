"""The plot of ``stories.py``; needs matplotlib (``pip install citewire[bench]``)."""

# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def draw(table: Sequence[Mapping[str, float]], later: int, place: Path) -> None:
    """Draw cost against the number of articles, or say why not."""
    try:
        import matplotlib as mpl  # noqa: PLC0415
    except ImportError:
        print("no plot: pip install citewire[bench]", file=sys.stderr)
        return
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    sizes = [row["articles"] for row in table]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    shown = (("group cpu", "group all, once"), ("brief cpu", "brief 10 stories"), ("more cpu", f"{later} more"))
    for name, label in shown:
        left.plot(sizes, [row[name] for row in table], marker="o", label=label)
    left.plot([0, sizes[-1]], [0, table[0]["group cpu"] * sizes[-1] / sizes[0]], ":", color="grey", label="linear")
    left.set(xlabel="articles", ylabel="seconds of processor time")
    left.legend(fontsize=8)
    right.plot(sizes, [row["brief MB"] for row in table], marker="o", color="black")
    right.set(xlabel="articles", ylabel="peak MB", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(place, dpi=80)
