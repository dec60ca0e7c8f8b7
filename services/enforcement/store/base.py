"""What the tables of the enforcement service have in common."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class EnforcementTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""
