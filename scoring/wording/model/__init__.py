"""A compact statistical model of official writing."""

from scoring.wording.model.character_model import CharacterModel, Suspicion

__all__ = ["CharacterModel", "Suspicion"]
