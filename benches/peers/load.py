"""The load on a server: some clients, each with one connection, that ask for one variant after another."""

import http.client
import threading
import time

TIMEOUT_SECONDS = 60


class Answers:
    """The results of a run of requests: latencies in ms, bytes of the bodies, the statuses of failed requests, seconds."""

    def __init__(self):
        self.latencies = []
        self.bytes = []
        self.failures = []
        self.seconds = 0.0
        self.last = b""


def run(port, paths, clients, seconds):
    """Asks for each path once, from `clients` connections, and stops early after `seconds`."""
    answers, lock = Answers(), threading.Lock()
    remaining = iter(paths)
    begun = time.perf_counter()

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        while time.perf_counter() - begun < seconds:
            with lock:
                path = next(remaining, None)
            if path is None:
                break
            ask(connection, path, answers, lock)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - begun
    return answers


def ask(connection, path, answers, lock):
    sent = time.perf_counter()
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body, status = response.read(), response.status
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        body, status = b"", repr(error)
    latency = (time.perf_counter() - sent) * 1e3
    with lock:
        if status == 200:
            answers.latencies.append(latency)
            answers.bytes.append(len(body))
            answers.last = body
        else:
            answers.failures.append(status)
