"""Word files in the form of official documents: a report of an inspection, a notice to mend what was found."""
