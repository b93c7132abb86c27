"""A MySQL or MariaDB database, read in transactions that cannot write."""

from typing import ClassVar, Final

import pymysql

from core.connectors import mysql_doctor, mysql_schema, unreachable
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.connectors.mysql_session import Session
from core.connectors.server_form import fields
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

EXAMINATION_SECONDS: Final = 15.0


class Mysql:
    """Connector to a MySQL or MariaDB server; which of the two, the server itself says."""

    kind: ClassVar[str] = "mysql"
    label: ClassVar[str] = "MySQL or MariaDB"
    dialect: ClassVar[str] = "mysql"
    fields: ClassVar[tuple[FormField, ...]] = fields(port=3306)

    def __init__(self, target: Target) -> None:
        self._target = target
        self._session = Session(target)

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        return self._session.run(safe, limits, cancel)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Tables, views, keys, comments and samples. Raises CannotConnect."""
        return mysql_schema.read(self._session, self._target.database, reading)

    def check(self) -> int:
        """Count the tables and views that the user may read. Raises CannotConnect."""
        return mysql_schema.count(self._session)

    def examine(self) -> tuple[Finding, ...]:
        """Prove what the credential can do, worst first. Raises CannotConnect."""
        try:
            with self._session.reading(EXAMINATION_SECONDS) as connection:
                return mysql_doctor.findings(connection, self._target)
        except pymysql.Error as error:
            raise unreachable.not_examined(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()
