"""How well wording is read, and how its models are trained."""
