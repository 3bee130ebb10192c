"""The Arabic layer: folding, tokenizer, sentences, proclitics, language detection. It never changes the text."""
