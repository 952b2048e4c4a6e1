"""The S3 that every server of the comparison reads from: the S3 of the local stack, in a separate process."""

import json
import os
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

import botocore.config
import botocore.session

BUCKET = "tintype-originals"
REGION = "us-east-1"
# The public credentials of the local stack.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tintype", "AWS_SECRET_ACCESS_KEY": "tintype-local", "AWS_REGION": REGION}
# The lifetime of the URLs, longer than a run.
LINK_SECONDS = 6 * 3600


class Store:
    def __init__(self, tintype, folder):
        self.process = subprocess.Popen(
            [tintype, "local", "--port", "0", "--data", str(folder), "--json"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TINTYPE_LOG": "error"},
        )
        self.url = json.loads(self.process.stdout.readline())["s3"]
        session = botocore.session.get_session()
        session.set_credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
        config = botocore.config.Config(s3={"addressing_style": "path"}, signature_version="s3v4", max_pool_connections=4)
        self.client = session.create_client("s3", region_name=REGION, endpoint_url=self.url, config=config)

    def put(self, paths):
        """Stores the files, and gives the key of each."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(self._put_one, paths))

    def _put_one(self, path):
        kind = {".jpg": "image/jpeg", ".png": "image/png"}[path.suffix]
        # A key like those that the signer makes, so that the server under test treats it as an upload.
        key = f"files/{uuid_of_time()}/{path.name}"
        self.client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes(), ContentType=kind)
        return key

    def link(self, key):
        """A presigned URL, for servers that speak HTTP instead of S3."""
        return self.client.generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=LINK_SECONDS
        )

    def close(self):
        self.process.terminate()
        self.process.wait()


def uuid_of_time():
    """A UUID of version 7 with a fixed time."""
    bits = uuid.uuid4().int
    bits = (bits & ~(0xFFFF_FFFF_FFFF << 80)) | (0x0190_163D_8694 << 80)
    bits = (bits & ~(0xF << 76)) | (7 << 76)
    return str(uuid.UUID(int=bits))
