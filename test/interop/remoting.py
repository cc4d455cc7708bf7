"""RocketMQ's remoting protocol, as much of it as the checks need to look behind the clients.

A frame is uint32(length), uint32(type << 24 | header length), JSON header, body.
"""
import dataclasses
import json
import re
import socket
import struct
import time
import zlib

GET_TOPIC_ROUTE = 105
CLUSTER_INFO = 106
SEND = 10
PULL = 11
QUERY = 12
QUERY_CONSUMER_OFFSET = 14
COMMIT_CONSUMER_OFFSET = 15
UPDATE_TOPIC = 17
UPDATE_GROUP = 200
GET_ALL_GROUPS = 201
SEARCH_OFFSET_BY_TIME = 29
GET_MAX_OFFSET = 30
VIEW = 33
SUCCESS = 0
PULL_NOT_FOUND = 19

SYS_FLAG_COMPRESSED = 1
SYS_FLAG_BORN_V6 = 16
SYS_FLAG_STORE_V6 = 32
COMPRESSION_MASK = 7 << 8


class Refused(Exception):
    """The peer answered with another code than 0."""

    def __init__(self, code, remark):
        super().__init__(f"code {code}: {remark}")
        self.code = code


@dataclasses.dataclass
class Record:
    topic: str
    body: bytes
    queue_id: int
    queue_offset: int
    position: int
    size: int
    sys_flag: int
    reconsume_times: int
    store_timestamp: int
    store_host: bytes
    properties: dict

    @property
    def text(self):
        """The body as the producer gave it."""
        body = self.body
        if self.sys_flag & SYS_FLAG_COMPRESSED:
            if self.sys_flag & COMPRESSION_MASK not in (0, 3 << 8):
                raise ValueError(f"unexpected compression in sysFlag {self.sys_flag}")
            body = zlib.decompress(body)
        return body.decode()

    @property
    def offset_msg_id(self):
        return (self.store_host + struct.pack(">q", self.position)).hex().upper()


class Peer:
    """One connection to a name server or broker."""

    def __init__(self, address, timeout_s=10):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout_s)
        self._opaque = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def call(self, code, ext=None, body=b"", accept=(SUCCESS,)):
        """Sends one request; gives (code, ext fields, body) of its answer."""
        self._opaque += 1
        header = json.dumps({"code": code, "language": "OTHER", "version": 435, "flag": 0,
                             "opaque": self._opaque,
                             "extFields": {k: str(v) for k, v in (ext or {}).items()}}).encode()
        self._socket.sendall(struct.pack(">II", 4 + len(header) + len(body), len(header)) + header + body)
        while True:
            length, marks = struct.unpack(">II", self._read(8))
            rest = self._read(length - 4)
            answer = json.loads(rest[:marks & 0xFFFFFF])
            if answer["flag"] & 1 and answer["opaque"] == self._opaque:
                break
        if answer["code"] not in accept:
            raise Refused(answer["code"], answer.get("remark"))
        return answer["code"], answer.get("extFields") or {}, rest[marks & 0xFFFFFF:]

    def _read(self, size):
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                raise ConnectionError("the peer closed the connection")
            data += part
        return data

    # ---- name server

    def route(self, topic):
        """The brokers' queue data of a topic, empty when the name server does not know it."""
        code, _, body = self.call(GET_TOPIC_ROUTE, {"topic": topic}, accept=(SUCCESS, 17))
        return lenient_json(body) if code == SUCCESS else None

    def brokers(self):
        """Broker name -> {id: address}."""
        table = lenient_json(self.call(CLUSTER_INFO)[2]).get("brokerAddrTable") or {}
        return {name: data["brokerAddrs"] for name, data in table.items()}

    # ---- broker

    def create_topic(self, topic, queues=4, perm=6):
        self.call(UPDATE_TOPIC, {"topic": topic, "defaultTopic": "TBW102", "readQueueNums": queues,
                                 "writeQueueNums": queues, "perm": perm, "order": "false",
                                 "topicFilterType": "SINGLE_TAG", "topicSysFlag": 0})

    def create_group(self, group, **settings):
        self.call(UPDATE_GROUP, body=json.dumps({
            "groupName": group, "consumeEnable": True, "retryQueueNums": 1, "retryMaxTimes": 16,
            **settings}).encode())

    def groups(self):
        """Group name -> its settings."""
        return lenient_json(self.call(GET_ALL_GROUPS)[2])["subscriptionGroupTable"]

    def send(self, topic, queue, body, properties):
        """Sends one message; gives its queue offset."""
        text = "".join(f"{key}\x01{value}\x02" for key, value in properties.items())
        return int(self.call(SEND, {
            "producerGroup": "interop-sender", "topic": topic, "defaultTopic": "TBW102",
            "defaultTopicQueueNums": 4, "queueId": queue, "sysFlag": 0, "flag": 0,
            "bornTimestamp": int(time.time() * 1000), "properties": text, "reconsumeTimes": 0,
            "unitMode": "false", "batch": "false", "maxReconsumeTimes": 0}, body)[1]["queueOffset"])

    def commit(self, group, topic, queue, offset):
        self.call(COMMIT_CONSUMER_OFFSET, {"consumerGroup": group, "topic": topic, "queueId": queue,
                                           "commitOffset": offset})

    def max_offset(self, topic, queue):
        return int(self.call(GET_MAX_OFFSET, {"topic": topic, "queueId": queue})[1]["offset"])

    def consumer_offset(self, group, topic, queue):
        """The committed offset, None when there is none."""
        code, ext, _ = self.call(QUERY_CONSUMER_OFFSET, {
            "consumerGroup": group, "topic": topic, "queueId": queue}, accept=(SUCCESS, 22))
        return int(ext["offset"]) if code == SUCCESS else None

    def read_queue(self, topic, queue, start=0):
        """Every record of a queue from `start` on."""
        records, end = [], self.max_offset(topic, queue)
        while start < end:
            code, ext, body = self.call(PULL, {
                "consumerGroup": "interop-reader", "topic": topic, "queueId": queue,
                "queueOffset": start, "maxMsgNums": 32, "sysFlag": 4, "commitOffset": 0,
                "suspendTimeoutMillis": 0, "subscription": "*", "subVersion": 0,
                "expressionType": "TAG"}, accept=(SUCCESS, PULL_NOT_FOUND, 20, 21))
            if code == PULL_NOT_FOUND:
                break
            records += decode_records(body) if code == SUCCESS else []
            start = int(ext["nextBeginOffset"])
        return records

    def view(self, offset_msg_id):
        """The record at an offset message id."""
        position = int(offset_msg_id[-16:], 16)
        record, = decode_records(self.call(VIEW, {"offset": position})[2])
        return record

    def query(self, topic, key):
        """The records that the index has under a key."""
        body = self.call(QUERY, {"topic": topic, "key": key, "maxNum": 64, "beginTimestamp": 0,
                                 "endTimestamp": 2 ** 62}, accept=(SUCCESS, 22))[2]
        return decode_records(body)

    def offset_by_time(self, topic, queue, time_ms):
        return int(self.call(SEARCH_OFFSET_BY_TIME, {
            "topic": topic, "queueId": queue, "timestamp": time_ms})[1]["offset"])

    def read_topic(self, topic, queues=4):
        return [record for queue in range(queues) for record in self.read_queue(topic, queue)]


def lenient_json(body):
    """JSON as fastjson writes it: numbers may stand as member names."""
    text = body.decode()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return json.loads(_quote_numeric_names(text))


def _quote_numeric_names(text):
    out, at, inside = [], 0, False
    while at < len(text):
        char = text[at]
        if inside:
            if char == "\\":
                out.append(text[at:at + 2])
                at += 2
                continue
            inside = char != '"'
        elif char == '"':
            inside = True
        elif char in "{,":
            name = re.match(r"\s*(-?\d+)\s*(?=:)", text[at + 1:at + 40])
            if name:
                out.append(f'{char}"{name.group(1)}"')
                at += 1 + name.end()
                continue
        out.append(char)
        at += 1
    return "".join(out)


def decode_records(data):
    records, at = [], 0
    while at < len(data):
        size, = struct.unpack_from(">i", data, at)
        records.append(decode_record(data[at:at + size]))
        at += size
    return records


def decode_record(data):
    """One commit-log record, format V1 or V2."""
    size, magic, _, queue_id, _, queue_offset, position, sys_flag, _ = struct.unpack_from(
        ">iIIiiqqiq", data)
    at = 48 + (20 if sys_flag & SYS_FLAG_BORN_V6 else 8)
    store_timestamp, = struct.unpack_from(">q", data, at)
    host_size = 20 if sys_flag & SYS_FLAG_STORE_V6 else 8
    store_host = data[at + 8:at + 8 + host_size]
    at += 8 + host_size
    reconsume_times, _, body_size = struct.unpack_from(">iqi", data, at)
    at += 16
    body = data[at:at + body_size]
    at += body_size
    if magic == 0xDAA320A7:
        topic_size, at = data[at], at + 1
    elif magic == 0xDAA320AB:
        (topic_size,), at = struct.unpack_from(">H", data, at), at + 2
    else:
        raise ValueError(f"bad magic {magic:#x}")
    topic = data[at:at + topic_size].decode()
    at += topic_size
    property_size, = struct.unpack_from(">H", data, at)
    at += 2
    pairs = data[at:at + property_size].decode().split("\x02")
    # Of equal names the first is the producer's: Apache's broker appends a batch's own to each element.
    properties = dict(pair.split("\x01", 1) for pair in reversed(pairs) if "\x01" in pair)
    if at + property_size != size:
        raise ValueError(f"record of {size} bytes ends at {at + property_size}")
    return Record(topic, body, queue_id, queue_offset, position, size, sys_flag, reconsume_times,
                  store_timestamp, store_host, properties)
