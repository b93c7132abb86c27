"""What each role may do, as a table: every function that is walked, by every role.

`yes`: it does it. `no`: the role is refused, in words. `his`: only the person whose it is; for
others it is not there. What the town's analyst owns is asked for by everybody of his organization.
"""

import shutil
from pathlib import Path

import pytest

from core import datamind
from core.clock import FixedDay
from core.errors import NotAllowed, NotFound
from core.store.queue import SilentQueue
from tests import factories
from tests.test_isolation import CALLS, OWN, Town, town

__all__ = ["town"]

TABLE = """
#                                viewer  analyst admin
accounts.profile                 yes     yes     yes
alerts.backtest.ask              no      yes     yes
alerts.checking.look             yes     yes     yes
alerts.history.runs              no      yes     yes
alerts.keeping.check_now         no      yes     yes
alerts.keeping.create            no      yes     yes
alerts.keeping.delete            no      yes     yes
alerts.keeping.edit              no      yes     yes
alerts.keeping.snooze            no      yes     yes
alerts.keeping.switch            no      yes     yes
alerts.keeping.take_over         no      no      yes
alerts.keeping.try_now           no      yes     yes
alerts.views.alert               no      yes     yes
alerts.views.alerts              no      yes     yes
alerts.views.events              no      yes     yes
alerts.views.series              no      yes     yes
answers.chip_values              his     yes     his
answers.download                 his     yes     his
answers.reading_chips            his     yes     his
answers.result                   his     yes     his
arrivals.arrival                 his     yes     his
ask.start                        yes     yes     yes
ask.start_changed                his     yes     his
ask.start_chosen                 his     yes     his
ask.start_saved                  yes     yes     yes
ask.suggestions                  yes     yes     yes
audit.entries                    no      no      yes
audit.export_csv                 no      no      yes
channels.dead_letters            no      no      yes
channels.listed                  no      yes     yes
channels.remove                  no      no      yes
channels.send_again              no      no      yes
channels.send_test               no      no      yes
checkups.doctor                  yes     yes     yes
checkups.keep_checked            yes     yes     yes
checkups.test                    yes     yes     yes
connections.connection           yes     yes     yes
connections.connections          yes     yes     yes
connections.delete               no      no      yes
connections.open_connector       yes     yes     yes
connections.place                yes     yes     yes
connections.rename               no      yes     yes
conversations.conversation       his     yes     his
conversations.delete             his     yes     his
conversations.draw_as            his     yes     his
conversations.is_first           his     yes     his
conversations.message            his     yes     his
conversations.messages           his     yes     his
conversations.pin                his     yes     his
conversations.question_of        his     yes     his
conversations.rename             his     yes     his
conversations.sessions           yes     yes     yes
dashboards.boards.dashboard      his     yes     his
dashboards.boards.dashboards     yes     yes     yes
dashboards.boards.delete         his     yes     his
dashboards.boards.describe       his     yes     his
dashboards.boards.duplicate      his     yes     his
dashboards.boards.refresh_every  his     yes     his
dashboards.boards.share          his     yes     his
dashboards.clicking.clicked      his     yes     his
dashboards.drilling.rows         his     yes     his
dashboards.filtering.candidates  his     yes     his
dashboards.filtering.keep        his     yes     his
dashboards.filtering.values      his     yes     his
dashboards.layout.arrange        his     yes     his
dashboards.links.create          his     yes     his
dashboards.links.links           his     yes     his
dashboards.links.revoke          his     yes     his
dashboards.printing.pdf          his     yes     his
dashboards.running.preview       no      yes     yes
dashboards.running.run           his     yes     his
dashboards.tiles.add             no      yes     his
dashboards.tiles.add_saved       his     yes     his
dashboards.tiles.duplicate_tile  his     yes     his
dashboards.tiles.edit            no      yes     his
dashboards.tiles.pin             his     yes     his
dashboards.tiles.remove          his     yes     his
dashboards.tiles.restore         his     yes     his
dashboards.written.to_yaml       no      yes     his
descriptions.write               no      yes     yes
drift.dependents                 no      yes     yes
drift.refresh                    no      yes     yes
enrichment.start                 no      yes     yes
evaluation.run                   no      no      yes
evaluation.runs                  no      no      yes
explore.download                 his     yes     his
explore.found                    his     yes     his
explore.history                  yes     yes     yes
explore.start                    no      yes     yes
feedback.rate                    his     yes     his
feedback.ratings                 his     yes     his
feedback.wrong                   no      no      yes
glossary.entries                 yes     yes     yes
glossary.instruct                no      yes     yes
glossary.instructions            yes     yes     yes
glossary.of                      yes     yes     yes
glossary.remove                  no      yes     yes
glossary.save                    no      yes     yes
glossary.understood              yes     yes     yes
how.account                      his     yes     his
invitations.invitations          no      no      yes
invitations.revoke               no      no      yes
jobs.active                      yes     yes     yes
jobs.arguments                   his     yes     his
jobs.follow                      his     yes     his
jobs.stop                        his     yes     his
letters.discard                  no      no      yes
letters.link                     no      no      yes
letters.outbox                   no      no      yes
library.delete                   no      yes     yes
library.draft                    yes     yes     yes
library.keep                     no      yes     yes
library.save                     no      yes     his
library.saved_queries            yes     yes     yes
library.saved_query              yes     yes     yes
members.change_role              no      no      yes
members.colleagues               no      yes     yes
members.members                  no      no      yes
members.set_active               no      no      yes
notices.mark_read                his     yes     his
notices.notices                  yes     yes     yes
notices.unread                   yes     yes     yes
organizations.organization       no      no      yes
profiles.mails                   yes     yes     yes
query.check                      yes     yes     yes
query.run                        yes     yes     yes
query.share                      yes     yes     yes
refreshes.refresh                no      yes     yes
refreshes.start                  no      yes     yes
reports.keeping.create           no      yes     yes
reports.keeping.delete           no      yes     yes
reports.keeping.edit             no      yes     yes
reports.keeping.file             no      yes     yes
reports.keeping.preview          no      yes     yes
reports.keeping.reports          no      yes     yes
reports.keeping.runs             no      yes     yes
reports.keeping.send_now         no      yes     yes
reports.keeping.switch           no      yes     yes
reports.making.make              no      yes     yes
resets.link_for                  no      no      yes
rights.grant                     no      no      yes
rights.make_private              no      no      yes
rights.of                        no      no      yes
rights.require_text              no      yes     yes
schema.read                      yes     yes     yes
servers.change                   no      yes     yes
servers.reader                   no      yes     yes
servers.remove_reader            no      yes     yes
servers.set_reader               no      yes     yes
servers.try_out                  no      yes     yes
servers.values                   no      yes     yes
sessions.end                     his     yes     his
sessions.sessions                yes     yes     yes
system.retry                     no      no      yes
system.system                    no      no      yes
uploads.add                      no      yes     yes
uploads.remove                   no      yes     yes
uploads.uploads                  yes     yes     yes
verified.add                     no      yes     yes
verified.answers                 yes     yes     yes
verified.questions               yes     yes     yes
verified.remove                  no      yes     yes
verified.stood_for               yes     yes     yes
verified.verify                  no      yes     his
versions.bad_cells               no      yes     yes
versions.bad_cells_as_csv        no      yes     yes
versions.compare                 no      yes     yes
versions.original                no      yes     yes
versions.renew                   no      yes     yes
"""


def parsed() -> dict[str, list[str]]:
    lines = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {name: may for name, *may in lines}


def may(town: Town, home: Path, name: str, role: str) -> str:
    """What becomes of it when this role of the organization itself does it."""
    shutil.copytree(town.home, home)
    dm = datamind.build(factories.settings(home), SilentQueue(), FixedDay(factories.TODAY))
    try:
        {**CALLS, **OWN}[name](dm, getattr(town.acme, role), town.its)
    except NotAllowed:
        return "no"
    except NotFound:
        return "his"
    finally:
        datamind.close(dm)
    return "yes"


def test_the_table_has_every_function() -> None:
    assert set(parsed()) == {*CALLS, *OWN}


@pytest.mark.parametrize("name", sorted({*CALLS, *OWN}))
def test_each_role(town: Town, tmp_path: Path, name: str) -> None:
    found = [may(town, tmp_path / role, name, role) for role in ("viewer", "analyst", "admin")]
    assert found == parsed()[name]
