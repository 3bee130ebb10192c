"""Numbers, units and money: from number words and digits to quantities."""
