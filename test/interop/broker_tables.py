"""What a broker's slaves ask it for, and what it says about itself."""
from remoting import lenient_json, SUCCESS

GET_ALL_TOPICS = 21
GET_RUNTIME_INFO = 28
GET_ALL_OFFSETS = 43
GET_ALL_DELAY_OFFSETS = 45


def runtime(broker):
    return lenient_json(broker.call(GET_RUNTIME_INFO)[2])["table"]


def topics(broker):
    """Topic -> (read queues, write queues, permission)."""
    table = lenient_json(broker.call(GET_ALL_TOPICS)[2])["topicConfigTable"]
    return {name: (topic["readQueueNums"], topic["writeQueueNums"], topic["perm"])
            for name, topic in table.items()}


def offsets(broker):
    """(group, topic) -> {queue: offset}, without groups of the broker's own."""
    table = lenient_json(broker.call(GET_ALL_OFFSETS, accept=(SUCCESS, 1))[2] or b"{}").get("offsetTable") or {}
    places = {(place.partition("@")[2], place.partition("@")[0]): queues for place, queues in table.items()}
    return {place: queues for place, queues in places.items() if not place[0].startswith("CID_")}


def delays(broker, store):
    """Delay level -> how far its queue is done, beyond 0. Apache's 4.x slave has it in its file only."""
    file = store / "config" / "delayOffset.json"
    body = file.read_bytes() if file.exists() else broker.call(GET_ALL_DELAY_OFFSETS, accept=(SUCCESS, 1))[2]
    table = lenient_json(body or b"{}").get("offsetTable") or {}
    return {level: done for level, done in table.items() if done}
