"""A captured site as checks see it: its pages, columns and menus, what was not read, and places to quote."""
