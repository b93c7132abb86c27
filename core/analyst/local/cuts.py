"""Dates cut to a period, in each dialect: month, quarter, week, weekday."""

from collections.abc import Callable, Iterable

from sqlglot import exp

from core.analyst.local.plan import Grain

Cut = Callable[[exp.Expr, Grain], exp.Expr]


def of(dialect: str) -> Cut:
    """How a dialect cuts a date to a grain."""
    return {"sqlite": sqlite, "mysql": mysql}.get(dialect, standard)


def of_the_year(dialect: str, column: exp.Expr, unit: str) -> exp.Expr:
    """The number of the month or quarter within its year."""
    if dialect == "sqlite":
        month = exp.cast(_call("STRFTIME", "%m", column), "integer")
        if unit == "month":
            return month
        return exp.cast(exp.paren(month + exp.Literal.number(2)) / exp.Literal.number(3), "integer")
    return exp.Extract(this=exp.var(unit.upper()), expression=column)


def days_between(dialect: str, start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """Days from one date to a later one."""
    if dialect == "sqlite":
        return exp.paren(_call("JULIANDAY", end) - _call("JULIANDAY", start))
    if dialect == "mysql":
        return _call("DATEDIFF", end, start)
    if dialect == "duckdb":
        return _call("DATE_DIFF", "day", exp.cast(start, "date"), exp.cast(end, "date"))
    return exp.paren(exp.cast(end, "date") - exp.cast(start, "date"))


def _call(name: str, *args: exp.Expr | str) -> exp.Expr:
    made: Iterable[exp.Expr] = (exp.Literal.string(a) if isinstance(a, str) else a for a in args)
    return exp.Anonymous(this=name, expressions=list(made))


def weekday_number(dialect: str) -> Callable[[exp.Expr], exp.Expr]:
    """A number that sorts the days of the week from Monday."""

    def number(column: exp.Expr) -> exp.Expr:
        if dialect == "sqlite":
            return _call("STRFTIME", "%w", _call("DATE", column, "-1 day"))
        if dialect == "mysql":
            return _call("WEEKDAY", column)
        return exp.Extract(this=exp.var("ISODOW"), expression=column)

    return number


def standard(column: exp.Expr, grain: Grain) -> exp.Expr:
    """PostgreSQL, DuckDB and what follows them: dates stay dates."""
    if grain == "weekday":
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        number = exp.Extract(this=exp.var("ISODOW"), expression=column)
        case = exp.Case(this=number)
        for i, day in enumerate(days, 1):
            case = case.when(exp.Literal.number(i), exp.Literal.string(day))
        return case
    if grain == "weekend":
        number = exp.Extract(this=exp.var("ISODOW"), expression=column)
        return (
            exp.Case()
            .when(number >= exp.Literal.number(6), exp.Literal.string("Weekend"))
            .else_(exp.Literal.string("Weekday"))
        )
    if grain == "day":
        return exp.cast(column, "date")
    if grain == "hour":
        return exp.Extract(this=exp.var("HOUR"), expression=column)
    if grain == "year":
        return exp.Extract(this=exp.var("YEAR"), expression=column)
    return exp.cast(
        exp.TimestampTrunc(this=exp.cast(column, "timestamp"), unit=exp.var(grain.upper())), "date"
    )


def sqlite(column: exp.Expr, grain: Grain) -> exp.Expr:
    """SQLite keeps dates as text: a period is text that sorts."""
    simple = {"month": "%Y-%m", "year": "%Y", "hour": "%H"}
    if grain in simple:
        return _call("STRFTIME", simple[grain], column)
    if grain == "day":
        return _call("DATE", column)
    if grain == "week":
        return _call("DATE", column, "-6 days", "weekday 1")
    if grain == "quarter":
        month = exp.cast(_call("STRFTIME", "%m", column), "integer")
        third = exp.Div(
            this=exp.paren(month + exp.Literal.number(2)),
            expression=exp.Literal.number(3),
            typed=True,
        )
        number = exp.cast(third, "integer")
        year = _call("STRFTIME", "%Y", column)
        label = exp.DPipe(this=year, expression=exp.Literal.string("-Q"))
        return exp.DPipe(this=label, expression=exp.paren(number))
    weekday = _call("STRFTIME", "%w", column)
    if grain == "weekend":
        return (
            exp.Case()
            .when(weekday.isin("0", "6"), exp.Literal.string("Weekend"))
            .else_(exp.Literal.string("Weekday"))
        )
    case = exp.Case(this=weekday)
    days = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    for i, day in enumerate(days):
        case = case.when(exp.Literal.string(str(i)), exp.Literal.string(day))
    return case


def mysql(  # noqa: PLR0911 - one line per grain
    column: exp.Expr, grain: Grain
) -> exp.Expr:
    """MySQL and MariaDB: the first day of the period."""
    if grain == "day":
        return _call("DATE", column)
    if grain == "year":
        return _call("YEAR", column)
    if grain == "hour":
        return _call("HOUR", column)
    if grain == "weekday":
        return _call("DAYNAME", column)
    if grain == "weekend":
        return (
            exp.Case()
            .when(_call("WEEKDAY", column) >= exp.Literal.number(5), exp.Literal.string("Weekend"))
            .else_(exp.Literal.string("Weekday"))
        )
    if grain == "week":
        back = exp.Interval(this=_call("WEEKDAY", column), unit=exp.var("DAY"))
        return exp.DateSub(this=_call("DATE", column), expression=back.this, unit=exp.var("DAY"))
    if grain == "quarter":
        quarter = _call("QUARTER", column)
        months = quarter * exp.Literal.number(3) - exp.Literal.number(2)
        padded = _call("LPAD", months, exp.Literal.number(2), "0")
        return exp.cast(_call("CONCAT", _call("YEAR", column), "-", padded, "-01"), "date")
    return exp.cast(_call("DATE_FORMAT", column, "%Y-%m-01"), "date")
