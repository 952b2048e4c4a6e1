"""Checks messages with the library of Standard Webhooks: signatures.py SECRET < messages.json"""

import base64
import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(sys.argv[1])
messages = json.load(sys.stdin)
for message in messages:
    body, headers = base64.b64decode(message["body"]).decode(), message["headers"]
    assert headers["content-type"] == "application/json", headers
    assert webhook.verify(body, headers) == json.loads(body)
    try:
        webhook.verify(body.replace("upload", "uplaod").replace("video", "vidoe"), headers)
        sys.exit("another body has the same signature")
    except WebhookVerificationError:
        pass
print(len(messages), "valid")
