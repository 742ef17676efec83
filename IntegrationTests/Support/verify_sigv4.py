"""A stand-in for AWS that trusts nobody: it recomputes each request's signature with botocore, and prints the verdict.

It gives out the one set of credentials of its environment (STORY_KEY_ID, STORY_SECRET, STORY_TOKEN) as STS and as a container's agent
do, and answers Auto Scaling's DescribeAutoScalingInstances and DetachInstances for the instance STORY_INSTANCE.
The first line is {"endpoint": ...}, every further one a verdict: {"action": ..., "verdict": "good" or what is wrong, "scope": ...}.
"""

import hmac
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY_ID, SECRET, TOKEN = (os.environ[name] for name in ("STORY_KEY_ID", "STORY_SECRET", "STORY_TOKEN"))
INSTANCE = os.environ["STORY_INSTANCE"]
EXPIRY = "2099-01-01T00:00:00Z"
PATTERN = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


def say(**words):
    print(json.dumps(words), flush=True)


def verdict(handler, body):
    """What is wrong with the signature, else "good"; and its scope."""
    match = PATTERN.fullmatch(handler.headers.get("Authorization", ""))
    if match is None:
        return "unsigned, or not in the form of signature version 4", None
    key_id, day, region, service, names, shown = match.groups()
    scope = f"{region}/{service}"
    stamp = handler.headers.get("X-Amz-Date", "")
    names = names.split(";")
    if key_id != KEY_ID:
        return "another key", scope
    if not stamp.startswith(day):
        return "another day than the date's", scope
    if handler.headers.get("X-Amz-Security-Token") != TOKEN:
        return "not the session token", scope
    missing = {"host", "x-amz-date", "x-amz-security-token"} - set(names)
    if missing:
        return f"not signed: {sorted(missing)}", scope
    unsent = [name for name in names if handler.headers.get_all(name) is None]
    if unsent:
        return f"signed, but not sent: {unsent}", scope
    auth = SigV4Auth(Credentials(KEY_ID, SECRET), service, region)
    request = AWSRequest(
        method=handler.command, url=f"http://{handler.headers['Host']}{handler.path}", data=body,
        headers={name: handler.headers[name] for name in names})
    request.context["timestamp"] = stamp
    text = auth.string_to_sign(request, auth.canonical_request(request))
    right = hmac.compare_digest(auth.signature(text, request), shown)
    return "good" if right else "the signature is not the one that botocore makes", scope


def credentials_json():
    return json.dumps({"AccessKeyId": KEY_ID, "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": EXPIRY})


def document(action, version, service, inner):
    return (
        f'<{action}Response xmlns="https://{service}.amazonaws.com/doc/{version}/"><{action}Result>{inner}</{action}Result>'
        f"<ResponseMetadata><RequestId>story</RequestId></ResponseMetadata></{action}Response>"
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, text, kind):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, credentials_json(), "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        action = parse_qs(body.decode()).get("Action", [""])[0]
        if action == "AssumeRoleWithWebIdentity":
            inner = (
                f"<Credentials><AccessKeyId>{KEY_ID}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>"
                f"<SessionToken>{TOKEN}</SessionToken><Expiration>{EXPIRY}</Expiration></Credentials>"
            )
            return self.answer(200, document(action, "2011-06-15", "sts", inner), "text/xml")
        words, scope = verdict(self, body)
        say(action=action, verdict=words, scope=scope)
        if words != "good":
            error = f"<Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>{words}</Message></Error>"
            return self.answer(403, f"<ErrorResponse>{error}<RequestId>story</RequestId></ErrorResponse>", "text/xml")
        inner = "<Activities/>"
        if action == "DescribeAutoScalingInstances":
            inner = (
                f"<AutoScalingInstances><member><InstanceId>{INSTANCE}</InstanceId><AutoScalingGroupName>story</AutoScalingGroupName>"
                "<LifecycleState>InService</LifecycleState></member></AutoScalingInstances>"
            )
        self.answer(200, document(action, "2011-01-01", "autoscaling", inner), "text/xml")


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
say(endpoint=f"http://127.0.0.1:{server.server_address[1]}")
server.serve_forever()
