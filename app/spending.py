"""How much the organization asks, what the models cost it, and the budget of a month."""

import streamlit as st

from app.resources import datamind
from app.widgets import asked_lately, model_usage
from core import activity, usage
from core.types import Actor

dm = datamind()


def show(actor: Actor) -> None:
    """Draw the month; keep another budget when it is wanted."""
    asked_lately.show(activity.month(dm, actor))
    if dm.analysts.claude is None:
        st.markdown("The built-in analyst answers here. It costs nothing, and sends nothing out.")
        st.caption("With an API key in the settings of the installation, Claude answers.")
    wanted = model_usage.show(usage.month(dm, actor), usage.priced_on())
    if wanted is not None:
        usage.set_budget(dm, actor, wanted)
        st.toast("The budget is kept.")
        st.rerun()
