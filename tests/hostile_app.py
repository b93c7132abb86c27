"""The running product with an organization in which every text is an attack."""

from functools import cached_property
from pathlib import Path
from uuid import UUID

from core import accounts, connections, datamind, library, sessions, uploads
from core.clock import SystemClock
from core.dashboards import boards, tiles
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.security import passwords
from core.store import migrate
from core.store.queue import SilentQueue
from core.store.tables import ChatMessage, Organization, User
from tests import factories
from tests.factories import PASSWORD, actor
from tests.running_app import RunningApp

EVIL = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    "[press](javascript:window.hacked=1) ![p](http://evil.example/p.png) :red[hi] $x$"
)
EMAIL = "admin@evil.example"


class HostileApp(RunningApp):
    """Names, cells, headers, file names, tiles and a model's words, all of them evil."""

    def __init__(self, **settings: str) -> None:
        super().__init__(DATAMIND_DEMO="off", **settings)

    def prepare(self) -> None:
        super().prepare()
        self.home.mkdir()
        migrate.upgrade(self.dm.sessions)
        admin_id = accounts.found(
            self.dm,
            email=EMAIL,
            password=PASSWORD,
            full_name="Ada Admin",
            organization="Evil",
            slug="evil",
        )
        self.admin = actor(self.dm, admin_id)
        with self.dm.sessions.write() as db:
            db.get_one(User, admin_id).full_name = f"Ada {EVIL}"[:255]
            db.get_one(Organization, self.admin.org_id).name = EVIL[:255]
        self.fill()

    @cached_property
    def dm(self) -> DataMind:
        """The house over the app's own files and database, in this process."""
        passwords.COST = 4
        database = f"sqlite:///{self.home}/datamind.sqlite"
        given = factories.settings(self.home, database_url=database)
        return datamind.build(given, SilentQueue(), SystemClock())

    def fill(self) -> None:
        """Bring a file of evil cells, ask it, and hang the answer up."""
        dm, who = self.dm, self.admin
        path = self.folder / "data.csv"
        header = '"region ' + EVIL.replace('"', '""') + '",amount,=cmd|A1\n'
        cell = EVIL.replace('"', '""')
        path.write_text(header + f'"{cell}",3,=1+1\n"South",4,@x\n', "utf-8")
        name = f"{EVIL.replace('/', '')[:100]}.csv"
        self.connection = uploads.add(dm, who, path, name, new_name=EVIL[:255]).connection_id
        table = self._first_table()
        sql = f'SELECT * FROM "{table}"'
        self.saved = library.keep(
            dm, who, library.Kept(self.connection, sql, EVIL[:255], EVIL[:500], shared=True)
        )
        self.board = boards.create(dm, who, EVIL[:200])
        tiles.add(dm, who, self.board, NewTile("", markdown=f"# Hello\n\n{EVIL}"))
        tiles.add(dm, who, self.board, NewTile(EVIL[:200], self.connection, sql))
        sales = factories.sales(dm, who, self.folder)
        self.chat, answer = factories.answered(dm, who, "Total amount by region", sales)
        with dm.sessions.write() as db:
            row = db.get_one(ChatMessage, answer.id)
            row.content = f"**4**: {EVIL}"
            row.answer = {**(row.answer or {}), "suggestions": [EVIL], "reading": EVIL}

    def _first_table(self) -> str:
        from core import schema

        return schema.read(self.dm, self.admin, self.connection).tables[0].name

    def ticket(self, user_id: UUID | None = None) -> str:
        return sessions.issue_ticket(self.dm, user_id or self.admin.user_id)

    def folder_of_files(self) -> Path:
        return self.home / "files"

    def connection_names(self) -> list[str]:
        return [one.name for one in connections.connections(self.dm, self.admin)]
