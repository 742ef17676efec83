"""A mail server on a free loopback port that takes mail only over STARTTLS and from whom it knows.

SMTP_CERTIFICATE and SMTP_KEY are PEM files, SMTP_LOGIN and SMTP_PASSWORD the one login.
The first line is {"port": ...}, every further one a mail: {"from": ..., "to": [...], "tls": ..., "login": ..., "subject": ..., "text": ...}.
"""

import asyncio
import email
import email.policy
import json
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(**words):
    print(json.dumps(words), flush=True)


def authenticate(server, session, envelope, mechanism, data):
    known = LoginPassword(os.environ["SMTP_LOGIN"].encode(), os.environ["SMTP_PASSWORD"].encode())
    if data == known:
        return AuthResult(success=True, auth_data=data.login.decode())
    return AuthResult(success=False, handled=False)


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        say(
            **{"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None, "login": session.auth_data},
            subject=message["Subject"], text=body.get_content() if body else "",
            id=message["Message-ID"], references=message["References"],
        )
        return "250 OK"


async def serve():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["SMTP_CERTIFICATE"], os.environ["SMTP_KEY"])
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            Mailbox(), tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate, hostname="localhost"),
        "127.0.0.1", 0)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(serve())
