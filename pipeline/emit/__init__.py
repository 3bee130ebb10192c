"""Records out: JSON Lines, flat Parquet tables, pandas frames."""
