"""Judge evidence by rules, count points, compare with earlier inspections."""
