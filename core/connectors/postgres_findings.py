"""What an account's rights on PostgreSQL mean, in plain words and with the SQL that cures it."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from core.connectors.examination import ONLY_READS, amount, counted, few, listed
from core.connectors.postgres_rights import Account, Right, Role, Routine
from core.connectors.readers import postgres_name
from core.types import Finding

Level = Literal["good", "note", "warning", "danger"]

CHANGES: Final = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE"})
FIRST_SUPERUSER: Final = 10

_ATTRIBUTES: Final[dict[str, tuple[Level, str, str]]] = {
    "CREATEROLE": (
        "danger",
        "create accounts and give them rights",
        "Such an account can make one that may do nearly everything.",
    ),
    "REPLICATION": (
        "danger",
        "copy the whole server as a replica",
        "Every database on it, including the passwords' hashes.",
    ),
    "BYPASSRLS": (
        "warning",
        "read past the row rules",
        "Rows that are hidden from others would appear in answers.",
    ),
    "CREATEDB": ("warning", "create databases", "A reader needs none."),
}
_BUILT_IN: Final[dict[str, tuple[Level, str, str]]] = {
    "pg_execute_server_program": (
        "danger",
        "run programs on the server",
        "That is as much as the server's own account on the machine can do.",
    ),
    "pg_write_server_files": (
        "danger",
        "write files on the server",
        "With that the server can be taken over.",
    ),
    "pg_read_server_files": (
        "danger",
        "read files on the server",
        "Among them configuration, keys and the files of all databases.",
    ),
    "pg_write_all_data": ("danger", "change data in every table", ONLY_READS),
    "pg_read_all_data": (
        "warning",
        "read everything, the accounts' password hashes included",
        "All schemas, also those that this connection is not for. Grant it SELECT on the tables "
        "that it needs first.",
    ),
    "pg_signal_backend": (
        "warning",
        "end other people's queries and sessions",
        "A reader needs to end its own only, which it always may.",
    ),
}
_WATCHES: Final = frozenset(
    {"pg_monitor", "pg_read_all_settings", "pg_read_all_stats", "pg_stat_scan_tables"}
)


def of_roles(who: Account) -> Iterator[Finding]:
    """What the account is: superuser, special attributes, member of built-in roles."""
    above = [role for role in who.roles if "SUPERUSER" in role.attributes]
    if above:
        yield _superuser(who, above[0])
    if who.is_superuser:
        return
    for attribute, (level, may, why) in _ATTRIBUTES.items():
        holders = [role for role in who.roles if attribute in role.attributes and role not in above]
        own = [role for role in holders if not role.roots]
        lines = [
            f"ALTER ROLE {postgres_name(who.name)} NO{attribute};" if own else "",
            who.leave(holders) if len(holders) > len(own) else "",
        ]
        if holders:
            yield Finding(
                level,
                f"This account may {may}.",
                f"{why} (Attribute {attribute}{_through(holders)}.)",
                "\n".join([*([who.only_ours()] if own else []), *filter(None, lines)]),
            )
    yield from _built_in(who)


def _superuser(who: Account, role: Role) -> Finding:
    if role.roots:
        return Finding(
            "danger",
            f"This account can become the superuser “{role.name}”.",
            "Then it may do everything: change and delete data, read files of the server, run "
            "programs there. " + ONLY_READS,
            who.leave([role]),
        )
    first = role.oid == FIRST_SUPERUSER
    return Finding(
        "danger",
        "This account is a superuser: it may do everything.",
        "Change and delete data, read files of the server, run programs there. Which single "
        "rights it has besides was not looked at, for it needs none. "
        + ("It is the server's first account and must stay one. " if first else "")
        + ONLY_READS,
        "" if first else f"{who.only_ours()}\nALTER ROLE {postgres_name(role.name)} NOSUPERUSER;",
    )


def _built_in(who: Account) -> Iterator[Finding]:
    members = [role for role in who.roles if role.roots and role.name.startswith("pg_")]
    for role in members:
        if role.name in _WATCHES:
            continue
        level, may, why = _BUILT_IN.get(
            role.name,
            ("warning", f"do what the built-in role {role.name} may", "A reader needs no such."),
        )
        yield Finding(
            level,
            f"This account may {may}.",
            f"{why} (Member of {role.name}{_through([role])}.)",
            who.leave([role]),
        )
    if watching := [role for role in members if role.name in _WATCHES]:
        yield Finding(
            "note",
            "This account can watch the server: its settings, and other people's queries.",
            f"Texts of queries may hold data. (Member of {listed([r.name for r in watching])}.)",
            who.leave(watching),
        )


def of_ownership(who: Account, owned: list[Right]) -> Iterator[Finding]:
    """What belongs to the account: an owner may change and drop it whatever else is granted."""
    for kind, one in (("DATABASE", "database"), ("SCHEMA", "schema"), ("TABLE", "table")):
        if mine := [right for right in owned if right.kind == kind]:
            yield Finding(
                "danger",
                f"This account owns {counted(_shown(mine), one)}.",
                "An owner may change and drop what it owns, and no REVOKE prevents that. "
                + ONLY_READS
                + " The SQL here hands all that it owns over to the administrator who runs it; "
                "reading must be granted anew.",
                who.cure(mine),
            )
    if routines := [right for right in owned if right.kind == "ROUTINE"]:
        yield Finding(
            "warning",
            f"This account owns {counted(_shown(routines), 'function')}.",
            "It may replace them, and others who run them would run its code.",
            who.cure(routines),
        )


def of_grants(who: Account, grants: list[Right]) -> Iterator[Finding]:
    """What was granted beyond reading."""
    tables = [right for right in grants if right.kind == "TABLE"]
    if changing := [right for right in tables if right.privilege in CHANGES]:
        verbs = sorted({right.privilege for right in changing})
        yield Finding(
            "danger",
            f"This account can change data in {counted(_shown(changing), 'table')}.",
            f"It may {listed(verbs)}{_to_everybody(changing)}. {ONLY_READS}",
            who.cure(changing),
        )
    if others := [r for r in tables if r.privilege not in CHANGES | {"SELECT"}]:
        yield Finding(
            "warning",
            f"This account may do more than read with {counted(_shown(others), 'table')}.",
            f"It holds {listed(sorted({r.privilege for r in others}))}, which a reader does not "
            f"need{_to_everybody(others)}.",
            who.cure(others),
        )
    if counters := [right for right in grants if right.kind == "SEQUENCE"]:
        yield Finding(
            "warning",
            f"This account can use up numbers of {counted(_shown(counters), 'sequence')}.",
            f"New rows of other programs would get other numbers{_to_everybody(counters)}.",
            who.cure(counters),
        )
    for kind, one in (("SCHEMA", "schema"), ("DATABASE", "database")):
        if creating := [r for r in grants if r.kind == kind and r.privilege == "CREATE"]:
            what = "schemas" if kind == "DATABASE" else "tables and functions"
            yield Finding(
                "warning",
                f"This account can create {what} in {counted(_shown(creating), one)}.",
                "What it creates could stand in for what others expect there"
                f"{_to_everybody(creating)}.",
                who.cure(creating),
            )
    reading = [r for r in grants if r.privilege in ("SELECT", "CONNECT") or r.kind == "SCHEMA"]
    if passing := [r for r in reading if r.grantable and r.privilege != "CREATE"]:
        yield Finding(
            "warning",
            f"This account can let others read, too: {few(_shown(passing))}.",
            "A reader should not decide who else reads. The SQL here takes its right to read "
            "and gives it back without the right to hand it on.",
            f"{who.cure(passing)}\n{_granted_again(who, passing)}",
        )
    servers = [r for r in grants if r.kind in ("FOREIGN SERVER", "FOREIGN DATA WRAPPER")]
    if servers:
        yield Finding(
            "warning",
            f"This account can reach other databases through {counted(_shown(servers), 'link')}.",
            "Foreign servers lead out of this database, to where other rights hold"
            f"{_to_everybody(servers)}.",
            who.cure(servers),
        )


def of_routines(who: Account, routines: Iterable[Routine]) -> Iterator[Finding]:
    """What running functions may bring about."""
    by: dict[str, list[Right]] = {}
    for routine in routines:
        by.setdefault(routine.why, []).append(routine.right)
    if kept := by.get("kept"):
        yield Finding(
            "danger",
            f"This account may run {_functions(kept)} of the server's own: {few(_shown(kept))}.",
            "PostgreSQL keeps them from ordinary accounts, for they reach files, settings or "
            f"other sessions{_to_everybody(kept)}.",
            who.cure(kept),
        )
    if outside := by.get("outside"):
        yield Finding(
            "warning",
            f"This account may run {_functions(outside)} that reach outside: "
            f"{few(_shown(outside))}.",
            "They connect to other servers, or run in a language that may touch the machine"
            f"{_to_everybody(outside)}.",
            who.cure(outside),
        )
    if lending := by.get("lending"):
        yield Finding(
            "warning",
            f"This account may run {_functions(lending)} with somebody else's rights: "
            f"{few(_shown(lending))}.",
            "A SECURITY DEFINER function may change data although the account may not"
            f"{_to_everybody(lending)}.",
            who.cure(lending),
        )


def _functions(rights: list[Right]) -> str:
    return amount(_shown(rights), "function")


def _granted_again(who: Account, rights: list[Right]) -> str:
    me = postgres_name(who.name)
    return "\n".join(
        f"GRANT {right.privilege}"
        + (f" ({postgres_name(right.column)})" if right.column else "")
        + f" ON {right.kind} {right.what} TO {me};"
        for right in rights
    )


def _shown(rights: Iterable[Right]) -> list[str]:
    return [right.shown for right in rights]


def _through(roles: Iterable[Role]) -> str:
    roots = sorted({root for role in roles for root in role.roots if root != role.name})
    return f" through {listed(roots)}" if roots else ""


def _to_everybody(rights: Iterable[Right]) -> str:
    return "; every account may" if all(r.grantee == 0 for r in rights) else ""
