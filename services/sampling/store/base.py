"""What the tables of the sampling service have in common."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class SamplingTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""
