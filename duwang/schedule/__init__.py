"""``duwang schedule``: the monthly scan set up with the machine's own scheduler."""
