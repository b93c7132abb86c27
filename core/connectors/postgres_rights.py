"""What a PostgreSQL account holds, read from the catalogue: roles, grants, ownership.

A right counts however it comes: granted to the account itself, to a role that it can become
(inherited or by SET ROLE), or to PUBLIC. The cure of each is the statement that takes it back
at the place where it was given.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from core.connectors.readers import comment, postgres_name

Ask = Callable[..., list[tuple[Any, ...]]]
"""Ask the server: SQL and its parameters in, rows out.

Questions ask for text, whole numbers, floats and booleans only: a connector may have its driver
read other types in a way of its own.
"""

PUBLIC: Final = 0

_ROLES: Final = """
    WITH RECURSIVE reach(root, role) AS (
        SELECT m.roleid, m.roleid FROM pg_auth_members m JOIN pg_roles me ON me.oid = m.member
        WHERE me.rolname = current_user
        UNION
        SELECT r.root, m.roleid FROM reach r JOIN pg_auth_members m ON m.member = r.role
    )
    SELECT r.oid::bigint, r.rolname::text, r.rolsuper, r.rolcreatedb, r.rolcreaterole,
           r.rolreplication, r.rolbypassrls,
           root.rolname::text
    FROM pg_roles r LEFT JOIN reach ON reach.role = r.oid
         LEFT JOIN pg_roles root ON root.oid = reach.root
    WHERE r.rolname = current_user OR reach.role IS NOT NULL
    ORDER BY r.rolname <> current_user, r.rolname, root.rolname
"""
ATTRIBUTES: Final = ("SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS")

_GRANTS: Final = """
    WITH held AS (
        SELECT 'TABLE' AS kind, n.nspname, c.relname::text AS name, NULL::name AS attname,
               c.relowner AS owner, a.*
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        UNION ALL
        SELECT 'SEQUENCE', n.nspname, c.relname, NULL, c.relowner, a.*
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE c.relkind = 'S' AND a.privilege_type <> 'SELECT'
        UNION ALL
        SELECT 'TABLE', n.nspname, c.relname, t.attname, c.relowner, a.*
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(t.attacl) a
        UNION ALL
        SELECT 'SCHEMA', NULL, n.nspname, NULL, n.nspowner, a.*
        FROM pg_namespace n, aclexplode(n.nspacl) a
        UNION ALL
        SELECT 'DATABASE', NULL, d.datname, NULL, d.datdba, a.*
        FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        WHERE d.datname = current_database()
        UNION ALL
        SELECT 'FOREIGN SERVER', NULL, s.srvname, NULL, s.srvowner, a.*
        FROM pg_foreign_server s, aclexplode(s.srvacl) a
        UNION ALL
        SELECT 'FOREIGN DATA WRAPPER', NULL, w.fdwname, NULL, w.fdwowner, a.*
        FROM pg_foreign_data_wrapper w, aclexplode(w.fdwacl) a
    )
    SELECT kind, nspname::text, name::text, attname::text, privilege_type, is_grantable,
           grantee::bigint
    FROM held
    WHERE grantee = ANY(%s) AND grantee <> owner
      AND (grantee <> 0 OR coalesce(nspname NOT IN ('pg_catalog', 'information_schema'), true))
    ORDER BY kind, nspname, name, attname, privilege_type
"""
_OWNED: Final = """
    SELECT 'DATABASE', NULL::text, datname::text, datdba::bigint FROM pg_database
    WHERE datdba = ANY(%(roles)s) AND datname = current_database()
    UNION ALL
    SELECT 'SCHEMA', NULL, nspname, nspowner::bigint FROM pg_namespace
    WHERE nspowner = ANY(%(roles)s) AND nspname !~ '^pg_(temp|toast)'
    UNION ALL
    SELECT 'TABLE', n.nspname, c.relname, c.relowner::bigint
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relowner = ANY(%(roles)s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND n.nspname !~ '^pg_(temp|toast)'
    UNION ALL
    SELECT 'ROUTINE', n.nspname, p.proname, p.proowner::bigint
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proowner = ANY(%(roles)s)
    ORDER BY 1, 2, 3
"""
# Functions that lend their owner's rights, that reach outside the database, or that PostgreSQL
# itself keeps from everybody. Most C functions are harmless: only these extensions' are not.
_ROUTINES: Final = """
    SELECT CASE WHEN n.nspname = 'pg_catalog' OR i.objoid IS NOT NULL THEN 'kept'
                WHEN p.prosecdef THEN 'lending' ELSE 'outside' END,
           n.nspname::text, p.proname::text, pg_get_function_identity_arguments(p.oid),
           a.is_grantable, a.grantee::bigint
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang
    LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                             AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
    LEFT JOIN pg_extension e ON e.oid = d.refobjid
    LEFT JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid
         AND NOT EXISTS (SELECT 1 FROM aclexplode(i.initprivs) was WHERE was.grantee = 0),
    aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE a.grantee = ANY(%(roles)s) AND a.grantee <> p.proowner
      AND has_schema_privilege(n.oid, 'USAGE')
      AND CASE WHEN n.nspname IN ('pg_catalog', 'information_schema')
               THEN a.grantee = ANY(%(named)s) OR (a.grantee = 0 AND i.objoid IS NOT NULL)
               ELSE p.prosecdef OR i.objoid IS NOT NULL
                    OR (NOT l.lanpltrusted AND l.lanname NOT IN ('c', 'internal'))
                    OR e.extname = ANY(%(reaching)s) END
    ORDER BY 2, 3, 4
"""
REACHING_EXTENSIONS: Final = (
    *("dblink", "adminpack", "http", "pg_net", "pg_cron", "aws_s3", "aws_lambda"),
    *("plsh", "pg_background"),
)


@dataclass(frozen=True)
class Role:
    """The account itself, or a role that it can become.

    `roots` are the roles whose direct membership leads there; empty for the account itself.
    """

    oid: int
    name: str
    attributes: frozenset[str]
    roots: tuple[str, ...]


@dataclass(frozen=True)
class Right:
    """One privilege on one object, and who was given it (a role's oid, or PUBLIC).

    `what` is the object as GRANT and REVOKE write it; `shown` as a person reads it.
    """

    kind: str
    what: str
    shown: str
    privilege: str
    grantee: int
    grantable: bool = False
    column: str = ""
    schema: str = ""


@dataclass(frozen=True)
class Routine:
    """A function that may be run: why it matters, and the right to it."""

    why: str
    right: Right


@dataclass(frozen=True)
class Account:
    """The account that was signed in with, and every role that it can become."""

    name: str
    roles: tuple[Role, ...]

    @property
    def oids(self) -> list[int]:
        """Everyone whose grants count, PUBLIC included."""
        return [PUBLIC, *(role.oid for role in self.roles)]

    @property
    def is_superuser(self) -> bool:
        """Whether it stands above all rights now (not only after SET ROLE)."""
        return "SUPERUSER" in self.roles[0].attributes

    def cure(self, rights: Iterable[Right]) -> str:
        """The statements that take these rights away, each where it was given."""
        given: dict[int, list[Right]] = {}
        for right in rights:
            given.setdefault(right.grantee, []).append(right)
        mine = [s for r in self.roles[:1] for s in _revoked(given.pop(r.oid, []), self.name)]
        everybodys = _revoked(given.pop(PUBLIC, []), "")
        roots = sorted({root for role in self.roles if role.oid in given for root in role.roots})
        return "\n".join(
            [
                *([self.only_ours()] if mine or roots else []),
                *mine,
                *self._leave(roots),
                *([_FROM_EVERYBODY] if everybodys else []),
                *everybodys,
            ]
        )

    def leave(self, roles: Iterable[Role]) -> str:
        """The statements that end its membership in whatever leads to these roles."""
        roots = sorted({root for role in roles for root in role.roots})
        return "\n".join([self.only_ours(), *self._leave(roots)])

    def only_ours(self) -> str:
        """The comment above what would disturb another program with the same account."""
        return comment(
            f"Only if nothing but DataMind signs in as {postgres_name(self.name)}: "
            "it loses these rights."
        )

    def _leave(self, roots: Iterable[str]) -> list[str]:
        me = postgres_name(self.name)
        return [f"REVOKE {postgres_name(root)} FROM {me};" for root in roots]


_FROM_EVERYBODY: Final = (
    "-- Everybody may do this here. Grant it by name to the programs that need it, then:"
)


def account(ask: Ask) -> Account:
    """Who is signed in, and what it can become."""
    found: dict[int, Role] = {}
    for oid, name, *flags, root in ask(_ROLES):
        # Whoever owns the database is in this role, which nobody can be taken out of.
        if name == "pg_database_owner":
            continue
        has = frozenset(a for a, on in zip(ATTRIBUTES, flags, strict=True) if on)
        before = found.get(oid, Role(oid, name, has, ()))
        found[oid] = replace(before, roots=(*before.roots, root)) if root else before
    roles = tuple(found.values())
    return Account(roles[0].name, roles)


def granted(ask: Ask, who: Account) -> list[Right]:
    """Every privilege on tables, sequences, schemas, the database and foreign servers."""
    return [
        Right(
            kind,
            postgres_name(*filter(None, (schema, name))),
            name if schema in (None, "public") else f"{schema}.{name}",
            privilege,
            grantee,
            grantable,
            column or "",
            schema or "",
        )
        for kind, schema, name, column, privilege, grantable, grantee in ask(_GRANTS, (who.oids,))
    ]


def owned(ask: Ask, who: Account) -> list[Right]:
    """What belongs to the account, or to a role that it can become."""
    return [
        Right(
            kind,
            postgres_name(*filter(None, (schema, name))),
            name if schema in (None, "public") else f"{schema}.{name}",
            "OWNER",
            owner,
        )
        for kind, schema, name, owner in ask(_OWNED, {"roles": who.oids})
    ]


def routines(ask: Ask, who: Account) -> list[Routine]:
    """Functions that do more than compute: see `_ROUTINES`."""
    named = [role.oid for role in who.roles if not role.name.startswith("pg_")]
    asked = {"roles": who.oids, "named": named, "reaching": list(REACHING_EXTENSIONS)}
    return [
        Routine(
            why,
            Right(
                "ROUTINE",
                f"{postgres_name(schema, name)}({arguments})",
                name if schema in ("public", "pg_catalog") else f"{schema}.{name}",
                "EXECUTE",
                grantee,
                grantable,
            ),
        )
        for why, schema, name, arguments, grantable, grantee in ask(_ROUTINES, asked)
    ]


def _revoked(rights: list[Right], name: str) -> list[str]:
    """REVOKE statements, objects with the same privileges together. No name means PUBLIC."""
    whom = postgres_name(name) if name else "PUBLIC"
    if any(right.privilege == "OWNER" for right in rights):
        return [f"REASSIGN OWNED BY {whom} TO CURRENT_USER;"]
    of_object: dict[tuple[str, str], list[str]] = {}
    for right in rights:
        words = right.privilege + (f" ({postgres_name(right.column)})" if right.column else "")
        of_object.setdefault((right.kind, right.what), []).append(words)
    together: dict[tuple[str, str], list[str]] = {}
    for (kind, what), privileges in of_object.items():
        together.setdefault((kind, ", ".join(sorted(set(privileges)))), []).append(what)
    return [
        f"REVOKE {privileges} ON {kind} {', '.join(what)} FROM {whom};"
        for (kind, privileges), what in together.items()
    ]
