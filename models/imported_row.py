"""Origin of imported rows, so that a second import adds nothing."""

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from database import db


class ImportedRow(db.Model):
    """Row `original` (its number in the import file) of kind user, request or comment became row `new_id`."""

    __tablename__ = "imported_rows"

    book: Mapped[str] = mapped_column(String(254), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    original: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    new_id: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("kind IN ('user', 'request', 'comment')", name="kind_known"),)
