"""A spaCy Language that holds the language layer only, so that these tests stand by themselves."""

import pytest


@pytest.fixture(scope="session")
def nlp():
    import spacy

    from pipeline.language.tokenizer import Tokenizer

    language = spacy.blank("ar")
    language.tokenizer = Tokenizer(language.vocab)
    language.add_pipe("khabar_sentences")
    return language
