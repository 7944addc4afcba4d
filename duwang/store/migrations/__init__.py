"""The versions of the store, one step each."""
