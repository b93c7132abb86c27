"""Mail through the installation's SMTP server."""

import html
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from typing import Final

from core.destinations.base import FormField, Message, Outside, Undelivered
from core.errors import BadInput

KIND = "email"
LABEL = "Email address"
ICON = ":material/mail:"
SECONDS: Final = 15.0
FIELDS = (FormField("address", "Address", "A mailbox outside of the organization's members"),)


def check(config: Mapping[str, str], outside: Outside) -> str:
    """Refuse what is no address, or mail where no server is set; returns the address."""
    if not outside.settings.smtp_host:
        raise BadInput(
            "No mail server is set, so nobody can be mailed.",
            "Ask who runs this server to set SMTP_HOST.",
        )
    address = config.get("address", "").strip()
    if not is_address(address):
        raise BadInput("This is no email address.", "Write it as name@company.com.")
    return address


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address."""
    name, _, domain = text.rpartition("@")
    plain = not any(c.isspace() or c in "<>,;:\"'()[]\\" or ord(c) < 32 for c in text)
    return bool(name) and "." in domain and plain and parseaddr(text)[1] == text


def send(config: Mapping[str, str], message: Message, outside: Outside) -> None:
    """Hand the mail to the server. Raises Undelivered."""
    settings = outside.settings
    if not settings.smtp_host:
        raise Undelivered("No mail server is set (SMTP_HOST).", lasting=True)
    mail = _mail(config["address"], message, outside)
    try:
        with _connected(outside) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        lasting = all(500 <= code < 600 for code in codes)
        raise Undelivered(
            f"The mail server refused {config['address']}.", lasting=lasting
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Undelivered("The mail server refused our user name or password.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(
            f"The mail server could not be reached or refused the mail ({type(error).__name__})."
        ) from error


def _connected(outside: Outside) -> smtplib.SMTP:
    settings = outside.settings
    host, port = settings.smtp_host, settings.smtp_port
    secure = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
        if settings.smtp_security == "starttls":
            server.starttls(context=secure)
    if settings.smtp_username and settings.smtp_password:
        server.login(settings.smtp_username, settings.smtp_password.get_secret_value())
    return server


def _mail(address: str, message: Message, outside: Outside) -> EmailMessage:
    mail = EmailMessage()
    sender = outside.settings.smtp_from or f"datamind@{outside.settings.smtp_host}"
    mail["From"] = sender if "<" in sender else formataddr(("DataMind", sender))
    mail["To"] = address
    mail["Subject"] = " ".join(message.title.split())[:200]
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{_token(message.key)}@datamind>"
    mail["Auto-Submitted"] = "auto-generated"
    links = [("Open in DataMind", message.link), *message.actions]
    shown = [(label, url) for label, url in links if url]
    mail.set_content("\n\n".join([message.text, *(f"{label}: {url}" for label, url in shown)]))
    mail.add_alternative(_page(message, shown), subtype="html")
    if message.picture:
        body = mail.get_payload()[1]  # type: ignore[index]
        body.add_related(message.picture, "image", "png", cid="<chart>")  # type: ignore[union-attr]
    if message.attachment:
        kind, _, sub = message.attachment.mime.partition("/")
        mail.add_attachment(message.attachment.content, kind, sub, filename=message.attachment.name)
    return mail


def _page(message: Message, links: list[tuple[str, str]]) -> str:
    def said(text: str) -> str:
        return html.escape(text).replace("\n", "<br>")

    buttons = " ".join(
        f'<a href="{html.escape(url)}" style="color:#4F46E5;margin-right:16px">{said(label)}</a>'
        for label, url in links
    )
    picture = '<p><img src="cid:chart" width="560" alt="" /></p>' if message.picture else ""
    return (
        '<div style="font-family:Inter,Arial,sans-serif;color:#0F172A;max-width:600px">'
        f'<h2 style="font-size:18px;border-left:4px solid #6366F1;padding-left:12px">'
        f"{said(message.title)}</h2><p>{said(message.text)}</p>{picture}<p>{buttons}</p></div>"
    )


def _token(key: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "-" for c in key)
