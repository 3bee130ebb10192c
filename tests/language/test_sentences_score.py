"""The scorer of sentences joins and compares them the right way."""

from pipeline.evaluation.sentences import boundaries, sentences


def test_sentences_score_counts_right_wrong_and_missed_ends(tmp_path, nlp):
    path = tmp_path / "x.txt"
    path.write_text("وصل الوفد.\nعنوان بلا نقطة\n\nوغادر. ثم عاد.\n", encoding="utf-8")
    found = sentences(str(path))
    assert found == ["وصل الوفد.", "عنوان بلا نقطة", "وغادر. ثم عاد."]
    ((text, gold, ours),) = boundaries(found, nlp.tokenizer)
    assert text == " ".join(found)
    assert gold == {len(found[0]), len(found[0]) + 1 + len(found[1])}
    assert ours - gold == {text.index("وغادر.") + len("وغادر.")}
    assert gold - ours == {len(found[0]) + 1 + len(found[1])}


def test_sentences_score_reads_treebanks(tmp_path):
    path = tmp_path / "x.conllu"
    path.write_text("# text = وصل الوفد.\n1\tوصل\n\n# text = وغادر.\n", encoding="utf-8")
    assert sentences(str(path)) == ["وصل الوفد.", "وغادر."]
