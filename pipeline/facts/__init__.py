"""Numeric facts and statements, read from tokens, entities, quantities and times."""
