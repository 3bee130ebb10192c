"""The scorer of proclitics reads a treebank the right way."""

from pipeline.evaluation.clitics import words

ROW = "{}\t{}\t_\t{}\t_\t_\t0\t_\t_\t{}"
GLUED = "SpaceAfter=No"


def test_clitics_score_joins_the_pieces_of_a_word(tmp_path):
    first = [
        ("وَ", "CCONJ", GLUED),
        ("ب", "ADP", GLUED),
        ("المدينة", "NOUN", "_"),
        ("بنك", "NOUN", GLUED),
        (".", "PUNCT", "_"),
    ]
    second = [("(", "PUNCT", GLUED), ("ل", "ADP", "_"), ("ل", "ADP", GLUED), ("مصر", "PROPN", "_"), ("5", "NUM", "_")]
    blocks = []
    for sentence in (first, second):
        rows = [ROW.format(n, form, tag, misc) for n, (form, tag, misc) in enumerate(sentence, 1)]
        blocks.append("\n".join(["# text", *rows]))
    path = tmp_path / "x.conllu"
    path.write_text("\n\n".join(blocks) + "\n\n", encoding="utf-8")
    assert list(words(str(path))) == [("وبالمدينه", "\u0648\u0628"), ("بنك", ""), ("لمصر", "\u0644")]
    assert list(words(str(path), half=1)) == [("لمصر", "\u0644")]
