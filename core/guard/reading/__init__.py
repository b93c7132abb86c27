"""What a checked query reads and assumes, told from its tree as data.

`reading` puts it together: names (naming, sources, resolving) give every value its lineage,
conditions and constants give the filters, periods the windows of time, joins and shape the rest.
docs/reading.md tells what each part means.
"""

from datetime import date

from sqlglot import exp

from core.guard import lists, parsing, text
from core.guard.reading import conditions, joins, periods, shape, tables
from core.guard.reading.constants import Constants
from core.guard.reading.lineage import Lineage
from core.guard.reading.naming import Names
from core.guard.reading.origin import Field
from core.guard.reading.periods import Tested
from core.guard.reading.walk import Walk, place
from core.types import DatabaseSchema, Output, Reading, SafeSelect

__all__ = ["Reading", "asked", "reading"]


def reading(
    safe: SafeSelect, schema: DatabaseSchema | None = None, today: date | None = None
) -> Reading:
    """What the query reads and assumes.

    With the schema, stars are expanded, columns without a table's name find theirs, and joins
    are told to be on declared keys or not. With `today`, windows such as "the last 30 days" get
    their dates. Never raises for a query that the guard let through; what is not certain is told
    as `unresolved`.
    """
    root = parsing.parse(text.split(safe.sql, safe.dialect), safe.sql, safe.dialect)
    main = asked(root, safe.cap)
    walk = Walk(main, lists.PARSED_AS[safe.dialect], safe.sql)
    lineage = Lineage(Names(safe.dialect, safe.reads, schema))
    values = Constants(safe.dialect, safe.params, today)
    for step in walk.all(exp.CTE):
        lineage.fields(step.this)
    tested = [_tested(single, walk, lineage, values) for single in conditions.singles(walk)]
    limits = shape.limits(walk)
    own = next((limit for limit in limits if limit.path == ()), None)
    rows = own.rows if own else None
    return Reading(
        tables=tables.of(walk, lineage.names),
        joins=joins.of(walk, lineage),
        outputs=_outputs(walk, lineage),
        filters=tuple(test.told for test in tested),
        periods=periods.of(tested, lineage, values),
        grouping=shape.grouping(walk, lineage),
        order=shape.ordering(walk, lineage),
        windows=shape.windows(walk, lineage),
        sets=shape.sets(walk),
        limits=tuple(limit for limit in limits if limit.path),
        limit=None if rows is None or rows > safe.cap else rows,
        offset=own.offset if own else None,
        distinct=bool(walk.main.args.get("distinct")) and isinstance(walk.main, exp.Select),
    )


def asked(root: exp.Expr, cap: int) -> exp.Expr:
    """The query as it was asked, without the SELECT that the guard put around it for its limit."""
    limit = root.args.get("limit")
    source = root.args["from_"].this if root.args.get("from_") else None
    put_around = (
        isinstance(root, exp.Select)
        and isinstance(source, exp.Subquery | exp.Values)
        and source.alias == "listed"
        and limit is not None
        and limit.args.get("expression") is not None
        and limit.expression.name == str(cap + 1)
        and [type(e) for e in root.expressions] == [exp.Star]
        and {key for key, value in root.args.items() if value} == {"expressions", "from_", "limit"}
    )
    return source if put_around and source is not None else root


def _tested(single: conditions.Single, walk: Walk, lineage: Lineage, values: Constants) -> Tested:
    compared = conditions.compare(single.node)
    known = conditions.constants(compared, values)
    told = conditions.told(single, compared, known, walk, lineage)
    return Tested(single, compared, known, told)


def _outputs(walk: Walk, lineage: Lineage) -> tuple[Output, ...]:
    fields = lineage.fields(walk.main)
    written = _projections(walk.main)
    one_to_one = len(written) == len(fields) and not any(node.is_star for node in written)
    return tuple(
        _output(field, written[index] if one_to_one else None, walk)
        for index, field in enumerate(fields)
    )


def _projections(query: exp.Expr) -> list[exp.Expr]:
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return list(query.expressions) if isinstance(query, exp.Select) else []


def _output(field: Field, node: exp.Expr | None, walk: Walk) -> Output:
    origin = field.origin
    value = node.this if isinstance(node, exp.Alias) else node
    return Output(
        name="" if field.name == "*" else field.name,
        kind=origin.kind,
        columns=origin.columns,
        unresolved=origin.unresolved,
        functions=origin.functions,
        grain=origin.grain,
        sql=walk.sql(value) if value is not None else "",
        place=place(node) if node is not None else (),
    )
