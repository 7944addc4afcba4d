"""What the reading of pages and of their lists both rest on: one scan of the tree, addresses, targets of scripts."""
