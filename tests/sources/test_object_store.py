"""Objects of a store that speaks S3 (a real server on loopback), and of whatever else fsspec opens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from data.settings import Credentials
from data.sources import BadSource, Found, Known, StillWriting, Unreached, open_source
from data.sources.object_store import Objects
from tests.sources.web import Reply, web

WHO = Credentials(user="us", password="secret")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Any]:
    """An empty bucket `port`, as somebody else fills it."""
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="us", aws_secret_access_key="secret")
    client.create_bucket(Bucket="port")
    yield client
    for one in client.list_objects_v2(Bucket="port").get("Contents", []):
        client.delete_object(Bucket="port", Key=one["Key"])
    client.delete_bucket(Bucket="port")
    client.close()


def objects(endpoint: str, url: str = "s3://port/in/*.csv", who: Credentials = WHO, **fetch: Any) -> Objects:
    how = {"private": True, "endpoint": endpoint, "region": "us-east-1", **fetch}
    found = open_source(url, who, how)
    assert isinstance(found, Objects)
    return found


def read(found: Objects, one: Found) -> bytes:
    with found.fetch(one) as file:
        said = file.read()
        assert found.whole(one, file)
    return said


def test_objects_by_pattern_and_their_versions(endpoint: str, bucket: Any) -> None:
    large = os.urandom(9_000_001)
    bucket.put_object(Bucket="port", Key="in/a.csv", Body=large)
    bucket.put_object(Bucket="port", Key="in/b.csv", Body=b"")
    for name in ("in/c.txt", "in/d.csv.part", "in/below/e.csv", "f.csv"):
        bucket.put_object(Bucket="port", Key=name, Body=b"x")
    mine = objects(endpoint)
    listed = {found.name: found for found in mine.list()}
    assert sorted(listed) == ["a.csv", "b.csv"]
    assert read(mine, listed["a.csv"]) == large
    assert read(mine, listed["b.csv"]) == b""
    assert mine.look() == "2 files"
    assert all(found.same(listed[found.name]) for found in mine.list(Known(files=listed)))
    bucket.put_object(Bucket="port", Key="in/a.csv", Body=b"another")
    again = {found.name: found for found in mine.list()}
    assert not again["a.csv"].same(listed["a.csv"])
    assert read(mine, again["a.csv"]) == b"another"
    assert sorted(f.name for f in objects(endpoint, "s3://port/**/*.csv").list()) == ["f.csv", "in/a.csv", "in/b.csv", "in/below/e.csv"]
    mine.close()


def test_an_object_replaced_before_or_while_it_is_read(endpoint: str, bucket: Any) -> None:
    bucket.put_object(Bucket="port", Key="in/a.csv", Body=b"one")
    mine = objects(endpoint)
    [found] = mine.list()
    with mine.fetch(found) as file:
        file.read()
        bucket.put_object(Bucket="port", Key="in/a.csv", Body=b"two")
        assert not mine.whole(found, file)
    with pytest.raises(StillWriting):
        mine.fetch(found)
    bucket.delete_object(Bucket="port", Key="in/a.csv")
    with pytest.raises(BadSource):
        mine.fetch(found)


def test_odd_names(endpoint: str, bucket: Any) -> None:
    for name in ("in/../../x.csv", "in/\N{RIGHT-TO-LEFT OVERRIDE}y.csv", "in/đường.csv"):
        bucket.put_object(Bucket="port", Key=name, Body=b"x")
    mine = objects(endpoint)
    assert all(found.name.isprintable() for found in mine.list())
    with pytest.raises(BadSource, match="not listed"):
        mine.fetch(Found("../../etc/passwd", 1, mine.list()[0].modified_at))


def test_what_is_not_there_and_who_may_not(endpoint: str, bucket: Any) -> None:
    with pytest.raises(BadSource, match="no bucket"):
        objects(endpoint, "s3://nowhere/*.csv").list()
    assert objects(endpoint, "s3://port/none/*.csv").list() == []


def test_an_address_of_our_own_only_where_declared(bucket: Any) -> None:
    with web() as site:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(BadSource, match="not a public address"):
                objects(f"https://{host}:{site.port}", private=False).list()
        assert site.asked == []


def test_a_store_that_hangs_or_refuses() -> None:
    with web() as site:
        site.says = lambda asked: Reply(hang=True)
        with pytest.raises(BadSource):
            objects(site.url, read_s=0.3).list()
        site.says = lambda asked: Reply(b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>", 403)
        with pytest.raises(BadSource) as told:
            objects(site.url).list()
        assert "secret" not in str(told.value)


def test_a_store_that_is_gone_is_told_from_an_object_that_cannot_be_had(bucket: Any) -> None:
    """Three in a row that nobody answers for, and a pull asks no more of them (data.pull)."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    bucket.put_object(Bucket="port", Key="in/a.csv", Body=b"one")
    mine = objects(f"http://{host}:{port}", connect_s=1)
    [found] = mine.list()
    bucket.delete_object(Bucket="port", Key="in/a.csv")
    with pytest.raises(BadSource) as told:
        mine.fetch(found)
    assert not isinstance(told.value, Unreached)
    server.stop()
    with pytest.raises(Unreached):
        mine.fetch(found)
    with web() as site, pytest.raises(Unreached):
        site.says = lambda asked: Reply(hang=True)
        objects(site.url, read_s=0.3).list()


def test_any_other_store_that_fsspec_opens() -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/zone/in/a.csv", b"one")
    memory.pipe("/zone/in/b.txt", b"two")
    mine = open_source("memory://zone/in/*.csv")
    assert isinstance(mine, Objects)
    [found] = mine.list()
    assert (found.name, found.size) == ("a.csv", 3)
    assert read(mine, found) == b"one"
    memory.rm("/zone", recursive=True)


def test_a_driver_that_is_not_installed_is_named() -> None:
    with pytest.raises(BadSource, match="driver that is not installed"):
        open_source("gcs://bucket/in/*.csv").look()
