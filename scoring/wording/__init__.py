"""Running text as the rules on wording and on personal data read it."""
