"""A PostgreSQL database, read in transactions that cannot write."""

from typing import ClassVar, Final

import psycopg

from core.connectors import postgres_doctor, postgres_schema, unreachable
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.connectors.postgres_session import Session
from core.connectors.server_form import LEFT_OUT, fields
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

EXAMINATION_SECONDS: Final = 15.0


class Postgres:
    """Connector to a PostgreSQL server (also to what speaks its protocol and has its catalogue)."""

    kind: ClassVar[str] = "postgresql"
    label: ClassVar[str] = "PostgreSQL"
    dialect: ClassVar[str] = "postgres"
    fields: ClassVar[tuple[FormField, ...]] = (*fields(port=5432), LEFT_OUT)

    def __init__(self, target: Target) -> None:
        self._target = target
        self._session = Session(target)

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        return self._session.run(safe, limits, cancel)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Tables, views, keys, comments and samples. Raises CannotConnect."""
        return postgres_schema.read(self._session, self._target, reading)

    def check(self) -> int:
        """Count the tables and views that the user may read. Raises CannotConnect."""
        return postgres_schema.count(self._session, self._target)

    def examine(self) -> tuple[Finding, ...]:
        """Prove what the credential can do, worst first. Raises CannotConnect."""
        try:
            with self._session.reading(EXAMINATION_SECONDS) as connection:
                return postgres_doctor.findings(connection, self._target)
        except psycopg.Error as error:
            raise unreachable.not_examined(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()
