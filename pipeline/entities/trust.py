"""What the neural tagger's reading leaves of the candidates of the knowledge base and the rules.

The tagger sees the context, and where it is sure it is right more often than a spelling is. Counts on annotated news
that it has not learnt from stand behind the figures here: of candidates on words that it holds for no name at all
hardly one is a name (`ينبع`, the town, is a verb as well); a rule that cuts a name elsewhere than the tagger is nearly
always wrong; a name of the base inside a longer one of which the tagger is sure belongs to the longer one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.entities.spans import Candidate

# How likely the tagger must hold the likeliest word of a candidate to be part of a name, where it finds none there.
DOUBT = {"gazetteer": 0.05, "alias": 0.05, "rule": 0.4}
SURE = 0.88  # a tagger's score from which no shorter name inside its span is taken
UNSURE = 0.6  # a tagger's score below which a rule may cut the name elsewhere
OWN = 1.0  # score of a user's own entries, which stand whatever the tagger says


def supported(known: Sequence[Candidate], tagged: Sequence[Candidate], likely: Sequence[float]) -> list[Candidate]:
    """The candidates of `known` to keep.

    Parameters
    ----------
    tagged : the tagger's spans.
    likely : how likely it holds each token to be part of a name.
    """
    owner = {k: c for c in tagged for k in range(c.i, c.j)}
    return [c for c in known if c.source == "gazetteer" and c.score >= OWN or _stands(c, owner, likely)]


def _stands(c: Candidate, owner: dict[int, Candidate], likely: Sequence[float]) -> bool:
    over = [owner[k] for k in range(c.i, c.j) if k in owner]
    if not over:
        return max(likely[c.i : c.j]) >= DOUBT[c.source]
    if any((t.i, t.j) == (c.i, c.j) for t in over):
        return True
    if c.source == "rule":
        return all(t.score < UNSURE for t in over)
    return not any(t.i <= c.i and c.j <= t.j and t.score >= SURE for t in over)
