"""From one inspection to the next: what came of each finding, and what persons decided about it."""
