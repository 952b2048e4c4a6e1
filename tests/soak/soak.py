"""A load of uploads, replacements, deletions and variants over a local stack that is killed every few seconds."""

import argparse
import json
import os
import random
import shutil
import tempfile
import threading
import time

from check import check
from picture import color_of, png
from stack import Http, Stack, presigned

WORKERS = 4
BAD = b"<!doctype html><script>alert(1)</script>"
ORIGINALS = "tintype-originals"


class File:
    """What the clients know about a file: its colour, `None` after a deletion, `BAD` for one that must be refused."""

    def __init__(self, key, content):
        self.key, self.content, self.history = key, content, [content]


class Load:
    def __init__(self, stack, arguments):
        self.stack, self.limit = stack, arguments.files
        self.end = time.monotonic() + 60 * arguments.minutes
        self.lock = threading.Lock()
        self.files, self.number, self.failures = [], 0, []
        self.counts = {"uploads": 0, "replacements": 0, "deletions": 0, "variants": 0, "repeated requests": 0}

    def count(self, name, number=1):
        with self.lock:
            self.counts[name] += number

    def fail(self, sentence):
        with self.lock:
            self.failures.append(sentence)

    def work(self, seed):
        chance, http, mine = random.Random(seed), Http(), []
        while time.monotonic() < self.end:
            with self.lock:
                is_new, self.number = self.number < self.limit, self.number + 1
            if is_new:
                mine.append(self.upload(http, chance))
            elif not mine:
                return
            file = chance.choice(mine[-50:])
            if file.content in (None, BAD):
                continue
            action = chance.random()
            if action < 0.15:
                self.replace(http, file, random_color(chance))
            elif action < 0.27:
                self.delete(http, file)
            elif action < 0.7:
                self.view(http, file)
        with self.lock:
            self.files += mine

    def upload(self, http, chance):
        content = BAD if chance.random() < 0.03 else random_color(chance)
        body = bytes_of(content)
        request = {"filename": "cat.png", "type": "image/png"}
        by_put = chance.random() < 0.4
        if by_put:
            request |= {"method": "PUT", "size": len(body)}
        url = self.stack.addresses["edge"] + "/uploads"
        headers = {"content-type": "application/json"}
        status, answer, attempts = http.persist("POST", url, headers, json.dumps(request))
        assert status == 201, answer
        grant = json.loads(answer)
        file = File(grant["key"], content)
        if by_put:
            status, answer, tries = http.persist("PUT", grant["url"], grant["headers"], body)
            # A repetition of a request whose answer was lost finds the file there.
            is_stored = status == 200 or (status == 412 and tries > 1)
        else:
            form, kind = encoded_form(grant["fields"], body)
            status, answer, tries = http.persist("POST", grant["url"], {"content-type": kind}, form)
            is_stored = status == 204
        if not is_stored:
            self.fail(f"{file.key}: the upload gets {status}: {answer[:200]}")
        self.count("uploads")
        self.count("repeated requests", attempts + tries - 2)
        return file

    def replace(self, http, file, content):
        headers = {"content-type": "image/png", "x-amz-tagging": "state=pending"}
        url = presigned("PUT", self.stack.addresses["s3"], ORIGINALS, file.key, headers=headers)
        file.history.append(content)
        status, answer, tries = http.persist("PUT", url, headers, bytes_of(content))
        assert status == 200, answer
        file.content = content
        self.count("replacements")
        self.count("repeated requests", tries - 1)

    def delete(self, http, file):
        url = presigned("DELETE", self.stack.addresses["s3"], ORIGINALS, file.key)
        status, answer, tries = http.persist("DELETE", url)
        assert status == 204, answer
        file.content = None
        self.count("deletions")
        self.count("repeated requests", tries - 1)

    def view(self, http, file):
        """A viewer may see every content that the file had, but nothing else."""
        answer = http.once("GET", f"{self.stack.addresses['edge']}/{file.key}?w=16&fm=png")
        self.count("variants")
        if answer and answer[0] == 200 and color_of(answer[1]) not in file.history:
            self.fail(f"{file.key}: a viewer sees {color_of(answer[1])}, which nobody sent")


def random_color(chance):
    return tuple(chance.randrange(256) for _ in range(3))


def bytes_of(content):
    return BAD if content == BAD else png(content)


def encoded_form(fields, body):
    lines = "".join(
        f'--edge\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    head = lines + '--edge\r\ncontent-disposition: form-data; name="file"; filename="cat.png"\r\n\r\n'
    return head.encode() + body + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--pause", type=float, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--data")
    arguments = parser.parse_args()
    data = arguments.data or tempfile.mkdtemp(prefix="tintype-soak-")
    os.makedirs(data, exist_ok=True)
    print(f"seed {arguments.seed}, data in {data}", flush=True)

    stack = Stack(arguments.program, data)
    stack.start()
    load, begin = Load(stack, arguments), time.monotonic()
    workers = [threading.Thread(target=load.work, args=(arguments.seed + number,)) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    chance = random.Random(arguments.seed)
    while any(worker.is_alive() for worker in workers):
        time.sleep(chance.uniform(0.25, 2 * arguments.pause))
        if time.monotonic() < load.end:
            stack.crash()
    seconds = time.monotonic() - begin
    failures = load.failures + check(stack, load.files, bytes_of, BAD)
    stack.stop()

    figures = {
        "minutes": round(seconds / 60, 1),
        "crashes": stack.crashes,
        "files": len(load.files),
        **load.counts,
        "requests": Http.count,
        "broken promises": len(failures),
    }
    for name, figure in figures.items():
        print(f"{name:>20} {figure:>9,}")
    for failure in failures[:20]:
        print(failure)
    if failures:
        raise SystemExit(f"{len(failures)} promises broken; the data is in {data}")
    if not arguments.data:
        shutil.rmtree(data)


main()
