"""What Lambda's Runtime API hands to the resize function behind its URL."""

import time

HOST = "abc.lambda-url.us-east-1.on.aws"


def event(path):
    """A request of CloudFront for a path (payload format 2.0)."""
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "CloudFront"}
    context = {
        "accountId": "anonymous", "apiId": "abc", "domainName": HOST, "domainPrefix": "abc", "http": http,
        "requestId": "1", "routeKey": "$default", "stage": "$default", "time": "01/Jan/2026:00:00:00 +0000",
        "timeEpoch": 1767225600000,
    }
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"host": HOST}, "requestContext": context, "isBase64Encoded": False,
    }


def headers(seconds):
    """The headers of an invocation whose deadline is in a number of seconds."""
    return {
        "lambda-runtime-aws-request-id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        "lambda-runtime-deadline-ms": str(int((time.time() + seconds) * 1000)),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:111122223333:function:test",
        "lambda-runtime-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
    }
