"""Messages."""
import golden_text as text
from golden_case import Case

BLOCK = (text.sorted_properties, text.EXCEPTIONS, text.sorted_tracks, text.BODY_PATH)
PATH = ("the file with the body is named by the broker's id: the producer's could name any file",
        text.BODY_PATH)
NO_RETRY_TOPIC = ("a group without a retry topic is looked for at every broker",
                  text.cut(r"(consumerGroup=golden-(?:offline|own-.), trackType=)UNKNOWN", r"\1NOT_ONLINE"))
LINES = ("every track is a line", text.cut(r"\](?=MessageTrack)", "]\n"))
PULLED = ("MIN_OFFSET and MAX_OFFSET are of the pull, not of the message", text.PULLED)
DIFFERENCES = (PATH, NO_RETRY_TOPIC)
LISTED = (text.sorted_properties,)

SPENT = text.cut(r"spentTimeMills=\d+", "spentTimeMills=0")
SENT = (text.cut(r"(?<= )[0-9A-F]{32,}", "ID"),)
ANY_QUEUE = (*SENT, text.replaced(r"(?<=^broker-a {26})\d", "Q"))

CASES = [
    Case("queryMsgById -t {orders} -i {offset_id}", same=BLOCK, differences=DIFFERENCES),
    Case("queryMsgById -t {orders} -i {msg_id}", same=BLOCK, differences=DIFFERENCES),
    Case("queryMsgById -t {orders} -i {msg_id},{last_id} -f UTF-8", same=BLOCK, differences=DIFFERENCES),
    Case("queryMsgById -t {orders} -i {msg_id} -g {push} -d {client}", writes=True, same=(SPENT,)),
    Case("queryMsgById -t {orders} -i {msg_id} -g {push} -d nobody", writes=True,
         fails="CODE: 1 ", code=6, says="<nobody> not online"),
    Case("queryMsgByKey -t {orders} -k key-1"),
    Case("queryMsgByKey -t {orders} -k common"),
    Case("queryMsgByKey -t {orders} -k nosuch", fails="CODE: 208", code=4, says="nosuch"),
    Case("queryMsgByUniqueKey -t {orders} -i {msg_id}", same=BLOCK,
         differences=(LINES, *DIFFERENCES)),
    Case("queryMsgByUniqueKey -t {orders} -i {msg_id} -a", same=BLOCK,
         differences=(LINES, *DIFFERENCES)),
    Case("queryMsgByUniqueKey -t {orders} -i {msg_id} -g {push} -d {client}", writes=True, same=(SPENT,)),
    Case("queryMsgByOffset -t {orders} -b {broker_name} -i {queue} -o 0", same=BLOCK,
         differences=(PULLED, *DIFFERENCES)),
    Case("queryMsgByOffset -t {orders} -b {broker_name} -i {queue} -o 0 -f UTF-8", same=BLOCK,
         differences=(PULLED, *DIFFERENCES)),
    Case("queryMsgTraceById -i {msg_id}"),
    Case("queryMsgTraceById -i {msg_id} -t RMQ_SYS_TRACE_TOPIC -c 10"),
    Case("queryMsgTraceById -i nosuch", fails="CODE: 208", code=4, says="nosuch"),
    Case("printMsg -t {orders}", same=(*LISTED, text.sorted_blocks("minOffset=")), differences=(PULLED,)),
    Case("printMsg -t {orders} -s TagA", same=(*LISTED, text.sorted_blocks("minOffset=")),
         differences=(PULLED,)),
    Case("printMsg -t {orders} -d false", same=(*LISTED, text.sorted_blocks("minOffset=")),
         differences=(PULLED,)),
    Case("printMsg -t {orders} -b {time}", same=(*LISTED, text.sorted_blocks("minOffset=")),
         differences=(PULLED,)),
    Case("printMsgByQueue -t {orders} -a {broker_name} -i {queue} -p true -d true", same=LISTED,
         differences=(PULLED,)),
    Case("printMsgByQueue -t {orders} -a {broker_name} -i {queue} -p true -s TagA", same=LISTED,
         differences=(PULLED,)),
    Case("printMsgByQueue -t {orders} -a {broker_name} -i {queue} -f true", same=(text.sorted_lines,)),
    Case("consumeMessage -t {orders}", same=(*LISTED, text.sorted_blocks("Consume ok")),
         differences=(PULLED,)),
    Case("consumeMessage -t {orders} -b {broker_name} -i {queue} -o 1", same=LISTED, differences=(PULLED,)),
    Case("consumeMessage -t {orders} -b {broker_name} -i {queue} -c 2", same=LISTED,
         differences=(PULLED, ("the spelling of oldler", text.cut("oldler", "older")))),
    Case("queryCq -t {orders} -q {queue} -i 0"),
    Case("queryCq -t {orders} -q {queue} -i 0 -c 2 -g {push} -b {broker}"),
    Case("sendMessage -t {own_topic} -p hello -k k1 -c TagX", writes=True, same=ANY_QUEUE),
    Case("sendMessage -t {own_topic} -p hello -b {broker_name} -i 1", writes=True, same=SENT),
    Case("checkMsgSendRT -t {own_topic} -a 4 -s 10", writes=True,
         same=(text.cut(r"\d+$", "0"), text.cut(r"(?<=Avg RT: )[\d.]+", "0"))),
    Case("queryMsgById -t {orders} -i {msg_id} -s true", writes=True, same=(
        text.cut(r"offsetMsgId=[0-9A-F]+", "offsetMsgId=ID"), text.cut(r"queueId=\d", "queueId=Q"),
        text.cut(r"queueOffset=\d+", "queueOffset=N"))),
]
