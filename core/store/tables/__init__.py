"""The application database, one file per noun."""

from core.store.tables.alerts import Alert, AlertEvent, AlertRun, AlertSeries
from core.store.tables.audit import AuditLog
from core.store.tables.base import Base
from core.store.tables.chat import ChatMessage, ChatSession
from core.store.tables.connections import Connection, SchemaColumnRow, SchemaTable, Upload
from core.store.tables.dashboards import Dashboard, DashboardLink, Widget
from core.store.tables.deliveries import Delivery, Destination
from core.store.tables.feedback import Feedback
from core.store.tables.invitations import Invitation, PasswordReset
from core.store.tables.jobs import Job, Schedule
from core.store.tables.library import GlossaryEntry, QueryRun, SavedQuery
from core.store.tables.notices import Notice
from core.store.tables.organizations import Organization, SignInTicket, User, UserSession
from core.store.tables.rates import Rate
from core.store.tables.reports import Report, ReportRun
from core.store.tables.sightings import Lease, Sighting
from core.store.tables.usage import ModelCallRow
from core.store.tables.verified import EvaluationRun, VerifiedAnswer

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertRun",
    "AlertSeries",
    "AuditLog",
    "Base",
    "ChatMessage",
    "ChatSession",
    "Connection",
    "Dashboard",
    "DashboardLink",
    "Delivery",
    "Destination",
    "EvaluationRun",
    "Feedback",
    "GlossaryEntry",
    "Invitation",
    "Job",
    "Lease",
    "ModelCallRow",
    "Notice",
    "Organization",
    "PasswordReset",
    "QueryRun",
    "Rate",
    "Report",
    "ReportRun",
    "SavedQuery",
    "Schedule",
    "SchemaColumnRow",
    "SchemaTable",
    "Sighting",
    "SignInTicket",
    "Upload",
    "User",
    "UserSession",
    "VerifiedAnswer",
    "Widget",
]
