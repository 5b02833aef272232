"""
Draw a state machine as SVG: the same input gives the same octets, and no label hides another.

The states stand in a column. An arrow down runs at the right, an arrow up at the left, each in a
lane of its own; what leaves a state is written where it leaves. What a state answers without
leaving is listed inside its box. Colours are those of the page (``currentColor``).
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from attrs import define, field, frozen

CHAR = 7.3  #: width of a character, in px, of the monospaced face at 12 px
PITCH = 24  #: from one arrow's end to the next, in px
LANE = 14  #: from one lane to the next, in px
GAP = 26  #: between two boxes, in px
PAD = 14  #: inside a box, and around the drawing, in px


@frozen
class Arrow:
    """One or more inputs that lead from one state to another; places are rows of the column."""

    source: int
    target: int
    label: str

    @property
    def down(self) -> bool:
        """Whether it leads down the column."""
        return self.target > self.source

    @property
    def rows(self) -> range:
        """The gaps between boxes that it passes."""
        return range(min(self.source, self.target), max(self.source, self.target))


@define
class Box:
    """A state: its text, and the arrow ends at its two sides from top to bottom."""

    name: str
    loops: list[str]
    right: list[tuple[Arrow, bool]] = field(factory=list)  #: (arrow, it leaves here)
    left: list[tuple[Arrow, bool]] = field(factory=list)
    top: float = 0.0

    @property
    def width(self) -> float:
        """In px."""
        return max(len(line) for line in [self.name, *self.loops]) * CHAR + 2 * PAD

    @property
    def height(self) -> float:
        """In px."""
        text = 20 + 16 * len(self.loops)
        return max(text + PAD, PITCH * max(len(self.right), len(self.left)) + PITCH / 2)

    def end(self, arrow: Arrow, leaves: bool) -> float:
        """Where on the page, from the top, this arrow's end is."""
        ends = self.right if arrow.down else self.left
        spare = self.height - PITCH * len(ends)
        return self.top + spare / 2 + PITCH * (ends.index((arrow, leaves)) + 0.75)


def column(start: str, arrows: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """Order the states: the first one, then each as it is first reached."""
    order = [start]
    for state in order:
        order += [b for (a, b) in arrows if a == state and b not in order]
    return order + sorted({s for pair in arrows for s in pair} - set(order))


def lanes(arrows: Iterable[Arrow]) -> dict[Arrow, int]:
    """Give each arrow a lane, the short ones near the boxes; arrows in one lane never meet."""
    taken: list[set[int]] = []
    lane_of = {}
    for arrow in sorted(arrows, key=lambda a: (len(a.rows), a.source, a.target)):
        # Both ends count as taken: two arrows that end at one box would touch in one lane.
        rows = {*arrow.rows, arrow.rows.stop}
        lane = next((n for n, used in enumerate(taken) if not used & rows), len(taken))
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= rows
        lane_of[arrow] = lane
    return lane_of


def boxes(order: Sequence[str], arrows: Mapping[tuple[str, str], Sequence[str]]) -> list[Box]:
    """Make the boxes, with the arrows' ends in the order that crosses the fewest lines."""
    made = [Box(state, [f"↻ {name}" for name in arrows.get((state, state), ())]) for state in order]
    every = [
        Arrow(order.index(a), order.index(b), ", ".join(names))
        for (a, b), names in arrows.items()
        if a != b
    ]
    for down in (True, False):
        lane_of = lanes(a for a in every if a.down is down)
        for row, box in enumerate(made):
            arriving = sorted(
                (a for a in lane_of if a.target == row), key=lane_of.__getitem__, reverse=not down
            )
            leaving = sorted(
                (a for a in lane_of if a.source == row), key=lane_of.__getitem__, reverse=down
            )
            if down:
                box.right = [(a, False) for a in arriving] + [(a, True) for a in leaving]
            else:
                box.left = [(a, True) for a in leaving] + [(a, False) for a in arriving]
    top = float(PAD)
    for box in made:
        box.top = top
        top += box.height + GAP
    return made


def svg(name: str, start: str, arrows: Mapping[tuple[str, str], Sequence[str]]) -> str:
    """
    Draw a machine.

    :param name: of the machine, for readers that cannot see.
    :param start: the state in which it starts.
    :param arrows: the inputs that lead from one state to another, in a fixed order.
    """
    made = boxes(column(start, arrows), arrows)
    right = lanes(a for box in made for a, leaves in box.right if leaves)
    left = lanes(a for box in made for a, leaves in box.left if leaves)
    width = max(box.width for box in made)
    text = {
        side: max((len(a.label) for a in lane_of), default=0) * CHAR + 24 if lane_of else 0.0
        for side, lane_of in (("right", right), ("left", left))
    }
    margin = PAD + LANE * (max(left.values(), default=-1) + 1)
    west = margin + text["left"]
    east = west + width
    whole = east + text["right"] + LANE * (max(right.values(), default=-1) + 1) + PAD
    height = made[-1].top + made[-1].height + PAD
    tip = f"tip-{name}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:.0f} {height:.0f}"'
        f' width="{whole:.0f}" style="max-width: 100%; height: auto" role="img"'
        f' aria-label="the states of {escape(name)}" font-family="ui-monospace, monospace"'
        ' font-size="12" fill="none" stroke="currentColor">',
        f'<defs><marker id="{tip}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor"'
        ' stroke="none"/></marker></defs>',
    ]
    for arrow, lane in [*right.items(), *left.items()]:
        begin = made[arrow.source].end(arrow, True)
        end = made[arrow.target].end(arrow, False)
        if arrow.down:
            edge, turn, at, anchor = east, east + text["right"] + LANE * lane, east + 8, "start"
        else:
            edge, turn, at, anchor = west, west - text["left"] - LANE * lane, west - 8, "end"
        lines += [
            f'<path d="M{edge:.1f} {begin:.1f}H{turn:.1f}V{end:.1f}H{edge:.1f}"'
            f' marker-end="url(#{tip})" opacity="0.7"/>',
            f'<text x="{at:.1f}" y="{begin - 4:.1f}" text-anchor="{anchor}" fill="currentColor"'
            f' stroke="none">{escape(arrow.label)}</text>',
        ]
    for box in made:
        bold = 2.5 if box.name == start else 1.2
        middle = west + width / 2
        first = box.top + (box.height - 16 * len(box.loops)) / 2 + 4
        lines += [
            f'<rect x="{west:.1f}" y="{box.top:.1f}" width="{width:.1f}"'
            f' height="{box.height:.1f}" rx="8" stroke-width="{bold}"/>',
            f'<text x="{middle:.1f}" y="{first:.1f}" text-anchor="middle" font-weight="bold"'
            f' fill="currentColor" stroke="none">{escape(box.name)}</text>',
        ]
        lines += [
            f'<text x="{middle:.1f}" y="{first + 16 * (n + 1):.1f}" text-anchor="middle"'
            f' fill="currentColor" stroke="none">{escape(loop)}</text>'
            for n, loop in enumerate(box.loops)
        ]
    return "\n".join([*lines, "</svg>", ""])
