"""What a browser tab remembers between reruns. The only file that names st.session_state.

Ids and plain values only, never clients or connections.
"""

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import streamlit as st


def chat_id() -> UUID | None:
    """The open conversation, from the address, so that a reload and a link show the same."""
    text = st.query_params.get("chat", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def open_chat(session_id: UUID | None) -> None:
    """Show this conversation, or an empty one."""
    if session_id is None:
        st.query_params.pop("chat", None)
    else:
        st.query_params["chat"] = str(session_id)


def dashboard_id() -> UUID | None:
    """The open dashboard, from the address, so that a reload and a link show the same."""
    text = st.query_params.get("id", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def dashboard_address(dashboard_id: UUID) -> dict[str, str]:
    """What the address of a dashboard holds."""
    return {"id": str(dashboard_id)}


def presenting() -> bool:
    """Whether the address asks for the full screen."""
    return st.query_params.get("full", "") == "1"


def present(full: bool) -> None:
    """Fill the screen with the dashboard, or no longer."""
    if full:
        st.query_params["full"] = "1"
    else:
        st.query_params.pop("full", None)


def public_link() -> str:
    """The token of a public link that the address holds."""
    return st.query_params.get("link", "")


def token() -> str:
    """The token of an invitation, or of a link for a new password, that the address holds."""
    return st.query_params.get("token", "")


def view() -> str:
    """Which part of a screen the address asks for."""
    return st.query_params.get("view", "")


def origin() -> str:
    """Scheme and host under which the person reaches the product."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}"


def given_filters(names: Iterable[str]) -> dict[str, tuple[str | None, ...]]:
    """The answers to a dashboard's filters that the address holds; "-" is none at all."""
    found: dict[str, tuple[str | None, ...]] = {}
    for name in names:
        values = st.query_params.get_all(f"f_{name}")
        if values:
            found[name] = () if values == ["-"] else tuple(value or None for value in values)
    return found


def give_filter(name: str, values: tuple[str | None, ...]) -> None:
    """Keep an answer to a filter in the address, so that a link shows the same."""
    st.query_params[f"f_{name}"] = [value or "" for value in values] or "-"


def clicks() -> list[tuple[str, ...]]:
    """What was clicked on a dashboard: tile, column, kind and values of each click."""
    found = [tuple(map(unquote, one.split("~"))) for one in st.query_params.get_all("c")]
    return [one for one in found if len(one) >= 4]


def click(told: Iterable[tuple[str, ...]]) -> None:
    """Keep clicks in the address."""
    kept = ["~".join(quote(part, safe=".").replace("~", "%7E") for part in one) for one in told]
    if kept:
        st.query_params["c"] = kept
    else:
        st.query_params.pop("c", None)


def unclick() -> None:
    """Draw charts anew, without the marks of clicks that were taken back."""
    st.session_state["unclicked"] = unclicked() + 1


def unclicked() -> int:
    """How often clicks were taken back: part of a chart's key."""
    return st.session_state.get("unclicked", 0)


def clear_filters() -> None:
    """The dashboard as it is without answers and clicks."""
    for name in list(st.query_params):
        if name == "c" or name.startswith("f_"):
            del st.query_params[name]


def chosen_connection() -> UUID | None:
    """The connection picked last in this tab."""
    return st.session_state.get("chosen_connection")


def choose_connection(connection_id: UUID | None) -> None:
    """Remember the connection picked."""
    st.session_state["chosen_connection"] = connection_id


def pending_question() -> str | None:
    """A question that a click on a suggestion asked; taken once."""
    return st.session_state.pop("pending_question", None)


def ask_next(question: str) -> None:
    """Ask this on the next rerun, as if it had been typed."""
    st.session_state["pending_question"] = question


def sign_in_failures() -> int:
    """How often signing in failed in this tab."""
    return st.session_state.get("sign_in_failures", 0)


def count_sign_in_failure() -> None:
    """One more failed sign-in."""
    st.session_state["sign_in_failures"] = sign_in_failures() + 1


def ticket() -> str | None:
    """The sign-in ticket waiting to be exchanged for the cookie; taken once."""
    return st.session_state.pop("ticket", None)


def hold_ticket(value: str) -> None:
    """Keep a ticket until the browser exchanges it."""
    st.session_state["ticket"] = value


def workspace() -> str:
    """The workspace named on the sign-in screen, if any."""
    return st.session_state.get("workspace", "")


def remember(name: str, value: object) -> None:
    """Keep a plain value for this tab under a screen's own name."""
    st.session_state[f"kept_{name}"] = value


def recall(name: str) -> object:
    """What `remember` kept, or None."""
    return st.session_state.get(f"kept_{name}")


def forget(name: str) -> None:
    """Drop what `remember` kept."""
    st.session_state.pop(f"kept_{name}", None)


def number(name: str) -> int:
    """A whole number kept under a name; 0 when there is none."""
    found = recall(name)
    return found if isinstance(found, int) else 0


def address(**named: str) -> None:
    """Put these names into the address in place of all others, so that a link shows the same."""
    st.query_params.from_dict(named)


def named(name: str) -> UUID | None:
    """An id in the address."""
    try:
        return UUID(st.query_params.get(name, ""))
    except ValueError:
        return None


def says(name: str) -> bool:
    """Whether the address has something under this name."""
    return bool(st.query_params.get(name))


def begin_alert(start: object) -> None:
    """Begin the next new alert with this definition."""
    remember("alert-new-start", start)


def menus() -> int:
    """How often menus have been closed: part of a menu's key, so that a new one is drawn closed."""
    return st.session_state.get("menus", 0)


def close_menus() -> None:
    """Draw menus closed on the next run, as when one of their buttons opens a dialog."""
    st.session_state["menus"] = menus() + 1


def forget_sign_in() -> None:
    """Drop what the sign-in form keeps of the person, so that nothing outlives the cookie."""
    for key in ("authentication_status", "name", "username", "email", "roles", "logout"):
        st.session_state.pop(key, None)
