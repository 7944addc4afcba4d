"""Files of a capture: WARC, index, and the JSON forms in between."""
