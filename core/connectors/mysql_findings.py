"""What an account's grants on MySQL and MariaDB mean, in plain words and with their cure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from core.connectors.examination import ONLY_READS, counted, few, listed
from core.connectors.mysql_grants import PUBLIC, Grant
from core.connectors.readers import comment, mysql_databases
from core.types import Finding

EVERYTHING: Final = "ALL PRIVILEGES"
READS: Final = frozenset({"USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES"})
CHANGES: Final = frozenset(
    {
        *("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "TRIGGER", "EVENT"),
        *("CREATE VIEW", "CREATE ROUTINE", "ALTER ROUTINE"),
        *("DELETE HISTORY", "DELETE VERSIONING ROWS"),
    }
)
_RULES: Final = frozenset(
    {
        *("SUPER", "SHUTDOWN", "CREATE USER", "CREATE ROLE", "DROP ROLE", "SET USER"),
        *("ROLE_ADMIN", "SET_USER_ID", "SET_ANY_DEFINER", "SYSTEM_USER", "SYSTEM_VARIABLES_ADMIN"),
        *("APPLICATION_PASSWORD_ADMIN", "PERSIST_RO_VARIABLES_ADMIN", "CREATE TABLESPACE"),
    }
)
_OWN_FINDING: Final = frozenset({EVERYTHING, "FILE", "PROCESS", "EXECUTE", "PROXY"})
SYSTEM: Final = ("mysql", "performance_schema", "sys")


@dataclass(frozen=True)
class Held:
    """A grant that counts for the account: its own, PUBLIC's, or through one of its roles."""

    grant: Grant
    role: str = ""


@dataclass(frozen=True)
class Account:
    """The account as SQL, what it holds, and the databases that the connection is for."""

    sql: str
    held: tuple[Held, ...]
    databases: tuple[str, ...]
    files_limited_to: str | None = ""

    def cure(self, wanted: Callable[[Grant], Iterable[str]]) -> str:
        """The statements that take `wanted` privileges away, each where it was given."""
        own: list[str] = []
        public: list[str] = []
        roles: set[str] = set()
        for held in self.held:
            if not (taken := tuple(wanted(held.grant))):
                continue
            if held.role:
                roles.add(held.role)
            elif held.grant.grantee == PUBLIC:
                public += self._revoked(held.grant, taken)
            else:
                own += self._revoked(held.grant, taken)
        own += [f"REVOKE {role} FROM {self.sql};" for role in sorted(roles)]
        everybody = "Everybody may do this here. Grant it by name to the programs that need it:"
        return "\n".join(
            [
                *([self.only_ours()] if own else []),
                *own,
                *([comment(everybody)] if public else []),
                *public,
            ]
        )

    def only_ours(self) -> str:
        """The comment above what would disturb another program with the same account."""
        return comment(
            f"Only if nothing but DataMind signs in as {self.sql}: it loses these rights."
        )

    def has(self, wanted: Callable[[Grant], Iterable[str]]) -> list[Grant]:
        """The grants with any of the wanted privileges."""
        return [held.grant for held in self.held if any(True for _ in wanted(held.grant))]

    def _revoked(self, grant: Grant, privileges: tuple[str, ...]) -> list[str]:
        lines = [f"REVOKE {', '.join(privileges)} ON {grant.place} FROM {grant.grantee};"]
        if grant.level == "proxy":
            lines = [f"REVOKE PROXY ON {grant.place} FROM {grant.grantee};"]
        reads = EVERYTHING in privileges or "SELECT" in privileges
        if reads and grant.grantee != PUBLIC:
            again = [grant.place] if grant.level in ("database", "table") else []
            if grant.level == "server" or covers(grant, "mysql"):
                again = [mysql_databases(name) for name in self.databases]
            lines += [f"GRANT SELECT, SHOW VIEW ON {place} TO {grant.grantee};" for place in again]
        return lines


def covers(grant: Grant, database: str) -> bool:
    """Whether a grant holds in a database; _ and % in its place stand for other letters."""
    if grant.level == "server":
        return True
    if grant.level != "database":
        return grant.database == database and grant.level == "table"
    pattern = grant.place[1:-3].replace("``", "`")
    parts = re.findall(r"\\[\\_%]|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    expression = "".join(wild.get(p) or re.escape(p[-1]) for p in parts)
    return re.fullmatch(expression, database, re.DOTALL | re.IGNORECASE) is not None


def of_grants(who: Account) -> Iterator[Finding]:
    """Everything that was granted beyond reading the connection's databases."""
    yield from _of_the_server(who)
    yield from _of_data(who)
    yield from _of_reading(who)
    options = [held.grant for held in who.held if held.grant.with_option]
    if options:
        yield Finding(
            "danger" if any(grant.level == "server" for grant in options) else "warning",
            "This account can give others its rights.",
            f"It holds GRANT OPTION on {_places(options)}. A reader should not decide who else "
            "reads.",
            who.cure(lambda grant: ("GRANT OPTION",) if grant.with_option else ()),
        )
    if proxies := who.has(lambda grant: grant.plain & {"PROXY"}):
        yield Finding(
            "danger",
            f"This account can act as somebody else: {few(g.place for g in proxies)}.",
            "Whatever that one may do, this one may do.",
            who.cure(lambda grant: grant.plain & {"PROXY"}),
        )


def _of_the_server(who: Account) -> Iterator[Finding]:
    def on_server(wanted: Callable[[str], bool]) -> Callable[[Grant], list[str]]:
        return lambda grant: (
            [p for p in grant.privileges if wanted(p)] if grant.level == "server" else []
        )

    everything = on_server(lambda p: p == EVERYTHING)
    if who.has(everything):
        yield Finding(
            "danger",
            "This account may do everything on this server.",
            "Change and delete data, make accounts, read and write files. " + ONLY_READS,
            who.cure(everything),
        )
    ruling = on_server(lambda p: p in _RULES)
    if grants := who.has(ruling):
        yield Finding(
            "danger",
            f"This account may administer the server: {_names(grants, ruling)}.",
            "With such rights it can get at every other. " + ONLY_READS,
            who.cure(ruling),
        )
    files = on_server(lambda p: p == "FILE")
    if who.has(files):
        yield Finding(
            "danger",
            "This account may read and write files on the server.",
            "A SELECT is enough for it, and no read-only mode prevents it. "
            + _limited(who.files_limited_to),
            who.cure(files),
        )
    watching = on_server(lambda p: p == "PROCESS")
    if who.has(watching):
        yield Finding(
            "warning",
            "This account can watch other people's queries.",
            "Texts of queries may hold data. (Privilege PROCESS.)",
            who.cure(watching),
        )
    usual = READS | CHANGES | _RULES | _OWN_FINDING | _LESSER
    others = on_server(lambda p: p.split(" (")[0] not in usual)
    if grants := who.has(others):
        yield Finding(
            "warning",
            f"This account has rights on the server that a reader does not need: "
            f"{_names(grants, others)}.",
            "They are for administrators: to see, stop or change what others do.",
            who.cure(others),
        )


_LESSER: Final = frozenset({"CREATE TEMPORARY TABLES", "LOCK TABLES", "REFERENCES"})


def changing(grant: Grant) -> list[str]:
    """The privileges of a grant that change data or what it lies in."""
    if grant.privileges == (EVERYTHING,) and grant.level != "server":
        return [EVERYTHING]
    if grant.level not in ("server", "database", "table"):
        return []
    return [p for p in grant.privileges if p.split(" (")[0] in CHANGES]


def _of_data(who: Account) -> Iterator[Finding]:
    if grants := who.has(changing):
        yield Finding(
            "danger",
            f"This account can change data in {_places(grants)}.",
            f"It holds {_names(grants, changing)}. {ONLY_READS}",
            who.cure(changing),
        )

    def running(grant: Grant) -> list[str]:
        wanted = {"EXECUTE", "ALTER ROUTINE"} if grant.level == "routine" else {"EXECUTE"}
        return [p for p in grant.privileges if p in wanted]

    if grants := who.has(running):
        yield Finding(
            "warning",
            f"This account may run stored functions and procedures of {_places(grants)}.",
            "They have their owner's rights unless they were made otherwise, and may change data.",
            who.cure(running),
        )

    def lesser(grant: Grant) -> list[str]:
        if grant.level not in ("server", "database", "table"):
            return []
        known = READS | CHANGES | _OWN_FINDING
        extra = [p for p in grant.privileges if p.split(" (")[0] not in known]
        return [p for p in extra if p in _LESSER] if grant.level == "server" else extra

    if grants := who.has(lesser):
        yield Finding(
            "warning",
            f"This account has rights that a reader does not need in {_places(grants)}.",
            f"It holds {_names(grants, lesser)}: they can fill the disk or keep others waiting.",
            who.cure(lesser),
        )


def _of_reading(who: Account) -> Iterator[Finding]:
    def inside(grant: Grant) -> list[str]:
        reads = [p for p in grant.privileges if p.split(" (")[0] == "SELECT"]
        return reads if any(covers(grant, name) for name in SYSTEM) else []

    if grants := who.has(inside):
        everywhere = any(grant.level == "server" for grant in grants)
        yield Finding(
            "warning",
            "This account can read every database of the server, its own tables included."
            if everywhere
            else f"This account can read the server's own tables: {_places(grants)}.",
            "They hold the accounts' password hashes and other people's queries.",
            who.cure(inside),
        )
    known = {*who.databases, *SYSTEM}
    plain = (h.grant for h in who.held if h.grant.level in ("database", "table"))
    if others := {g.database for g in plain if g.database not in known and not inside(g)}:
        yield Finding(
            "note",
            f"This account also has rights in {counted(others, 'other database')}.",
            "This connection does not use it; if that is intended, all is well.",
        )


def _limited(to: str | None) -> str:
    if to is None:
        return "At present the server forbids it to all (secure_file_priv)."
    if to:
        return "The server confines it to one folder (secure_file_priv)."
    return "The server sets no bounds to it (secure_file_priv is empty)."


def _names(grants: Iterable[Grant], wanted: Callable[[Grant], Iterable[str]]) -> str:
    names = sorted({p.split(" (")[0] for grant in grants for p in wanted(grant)})
    return listed(names)


def _places(grants: Iterable[Grant]) -> str:
    """Where grants hold, as people say it: the widest kind of place first."""
    every = list(grants)
    if any(grant.level == "server" for grant in every):
        return "every database of the server"
    databases = {g.database for g in every if g.level == "database"}
    tables = {g.name for g in every if g.level == "table" and g.database not in databases}
    routines = {f"{g.database}.{g.name}" for g in every if g.level == "routine"}
    parts = [counted(databases, "database")] if databases else []
    parts += [counted(tables, "table")] if tables else []
    parts += [few(routines)] if routines else []
    return " and in ".join(parts) or "nothing"
