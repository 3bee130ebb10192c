"""Times of the text: dates, periods, clock times, durations, resolved against the article's date."""
