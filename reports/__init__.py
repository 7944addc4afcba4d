"""Draw an inspection: HTML, terminal text, JSON. Knows nothing but the inspection."""
