"""Fetch and read: sites, pages and documents become evidence. Imports nothing of ours."""
