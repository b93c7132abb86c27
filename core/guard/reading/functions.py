"""The names of aggregates and window functions, as a reading tells them."""

from typing import Final

from sqlglot import exp

# Aggregates that the parser knows by their name only.
_BY_NAME: Final = frozenset(
    """total json_group_array json_group_object jsonb_group_array jsonb_group_object string_agg
    array_agg json_agg jsonb_agg json_object_agg jsonb_object_agg xmlagg bool_and bool_or every
    bit_and bit_or bit_xor std stddev variance var_pop var_samp stddev_pop stddev_samp
    json_arrayagg json_objectagg arg_max arg_min max_by min_by median mode product favg fsum
    sumkahan geomean geometric_mean mad entropy histogram listagg quantile quantile_cont
    quantile_disc approx_quantile approx_count_distinct weighted_avg wavg sem arbitrary
    count_if count_star kurtosis_pop bitstring_agg regr_count""".split()  # noqa: SIM905
)
_NO_AGGREGATE: Final = (exp.Grouping, exp.GroupingId)
_LABELS: Final = (exp.AnonymousAggFunc, exp.ParameterizedAgg, exp.CombinedAggFunc)
_WRAPPED: Final = (exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls, exp.HavingMax)


def aggregate_name(node: exp.Expr, dialect: str) -> str:
    """The name of an aggregate ("sum", "count distinct"); empty for anything else."""
    while isinstance(node, _WRAPPED):
        node = node.this
    if isinstance(node, exp.Anonymous):
        name = str(node.this).lower()
        return name if name in _BY_NAME else ""
    if not isinstance(node, exp.AggFunc) or isinstance(node, _NO_AGGREGATE):
        return ""
    if dialect == "sqlite" and isinstance(node, exp.Max | exp.Min) and node.expressions:
        return ""
    return _name(node) + (" distinct" if _distinct(node) else "")


def window_name(node: exp.Expr) -> str:
    """The name of a function with OVER; empty for anything else."""
    if not isinstance(node, exp.Window):
        return ""
    inner = node.this
    while isinstance(inner, _WRAPPED):
        inner = inner.this
    return _name(inner) if isinstance(inner, exp.Func) else ""


def _name(node: exp.Func) -> str:
    if isinstance(node, (exp.Anonymous, *_LABELS)):
        return str(node.this).lower()
    return node.sql_name().lower()


def _distinct(node: exp.Func) -> bool:
    inner = node.this
    while isinstance(inner, exp.Order):
        inner = inner.this
    return isinstance(inner, exp.Distinct)
