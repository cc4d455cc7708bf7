"""What a writing command did, read back from the servers; Golden + A or B are the tools' own names."""
import json

import remoting
from golden_state import ORDERS, QUEUES

GET_KV, GET_TOPIC_CONFIG, GET_BROKER_CONFIG, GET_NAMESRV_CONFIG = 101, 351, 26, 319


def topic_config(cluster, state, letter):
    """Of the tool's own topic; None when it is gone."""
    with cluster.ask_broker() as broker:
        code, _, body = broker.call(GET_TOPIC_CONFIG, {"topic": f"Golden{letter}"}, accept=(0, 17))
    if code:
        return None
    config = remoting.lenient_json(body)
    config.pop("topicName")
    return json.dumps(config, sort_keys=True)


def topic_and_order(cluster, state, letter):
    with cluster.ask_namesrv() as namesrv:
        code, ext, _ = namesrv.call(GET_KV, {"namespace": "ORDER_TOPIC_CONFIG", "key": f"Golden{letter}"},
                                    accept=(0, 22))
    return topic_config(cluster, state, letter), ext.get("value") if code == 0 else None


def group_config(cluster, state, letter):
    with cluster.ask_broker() as broker:
        config = broker.groups().get(f"golden-own-{letter}")
    return config and {**config, "groupName": ""}


def offsets(cluster, state, letter):
    """Of the tool's own group on the orders."""
    with cluster.ask_broker() as broker:
        return [broker.consumer_offset(f"golden-own-{letter}", ORDERS, q) for q in range(QUEUES)]


def broker_setting(key):
    def read(cluster, state, letter):
        with cluster.ask_broker() as broker:
            body = broker.call(GET_BROKER_CONFIG)[2].decode()
        return [line for line in body.splitlines() if line.startswith(f"{key}=")]
    return read


def kv(key):
    def read(cluster, state, letter):
        with cluster.ask_namesrv() as namesrv:
            return namesrv.call(GET_KV, {"namespace": "GOLDEN", "key": key + letter},
                                accept=(0, 22))[1].get("value")
    return read


def exported(name, only_names=False):
    """What a tool wrote to a file; of figures that move only what they are called. Apache's leaves out
    what a broker does not tell, where ours has an empty text."""
    def names(value):
        return {key: names(value[key]) for key in value if value[key] != ""} if isinstance(value, dict) else type(value).__name__

    def read(cluster, state, letter):
        folder = cluster.folder / {"A": "apache-mqadmin", "B": "mqadmin"}[letter] / "export"
        document = json.loads((folder / name).read_text())
        document.pop("exportTime", None)
        return json.dumps(names(document) if only_names else document, sort_keys=True)
    return read
