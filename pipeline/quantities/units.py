"""Units (first cut)."""


def word_classes() -> dict[str, str]:
    return {}
