"""One module per way of paging; a new one is one new file here."""
