"""Groups and clients."""
import golden_effects as effects
import golden_text as text
from golden_case import Case

RATE = text.cut(r"(?<=Consume TPS: )\d+\.\d\d", "R")
GROUPS = (text.sorted_rows,)
PROGRESS = (RATE,)
PRODUCERS = (text.cut(r"lastUpdateTimestamp=\d+", "lastUpdateTimestamp=T"), text.sorted_lines)

STATUS = (text.cut(r"\d{13}(?=/)", "MS"), text.cut(r"\n\n\n", "\n\n"))
# What moves between two questions: when the queues were last pulled, and rates.
INFO = (text.sorted_runs(r"\w+ *: "), text.cut(r"(?<=Timestamp=)\d+", "T"),
        text.replaced(r"(?<=[ \d])\d+\.\d\d(?= )", "R"), text.cut(r" +R +", " R "))

CASES = [
    Case("consumerStatus -g {push}", same=STATUS),
    Case("consumerStatus -g {push} -b {broker}", same=STATUS),
    Case("consumerStatus -g {push} -i {client}", same=INFO),
    Case("consumerProgress", same=GROUPS),
    Case("consumerProgress -g {push}", same=PROGRESS),
    Case("consumerProgress -g {push} -s true", same=PROGRESS),
    Case("consumerProgress -g {push} -s false -t {orders}", same=PROGRESS),
    Case("consumerProgress -g {offline} -t {orders}", same=PROGRESS),
    Case("consumerProgress -g {failing}", same=PROGRESS),
    Case("consumerConnection -g {push}"),
    Case("consumerConnection -g {orderly}"),
    Case("consumerConnection -g {cast}"),
    Case("consumerConnection -g {push} -b {broker}"),
    Case("producerConnection -g {producers} -t {orders}"),
    Case("producerConnection -g nobody -t {orders}", fails="CODE: 1 ", code=6, says="nobody"),
    Case("producer -b {broker}", same=PRODUCERS),
    Case("getConsumerConfig -g {push}"),
    Case("getConsumerConfig -g nobody", code=4),
    Case("statsAll", same=(text.sorted_rows, text.numbers(-3, -4))),
    Case("statsAll -a", same=(text.sorted_rows, text.numbers(-3, -4))),
    Case("statsAll -t {orders}", same=(text.sorted_rows, text.numbers(-3, -4))),
    # Apache's sets back what is not given; ours does so when it is told to.
    Case("updateSubGroup -b {broker} -g {own_group} -r 3", writes=True,
         ours="updateSubGroup -b {broker} -g {own_group} -r 3 --replace", effect=effects.group_config),
    Case("updateSubGroup -c {cluster} -g {own_group} -s true -m true -d true -o true -q 2 -r 5 -a false",
         writes=True, effect=effects.group_config),
    Case("updateSubGroupList -b {broker} -f {folder}/groups.json", writes=True, effect=effects.group_config),
    Case("deleteSubGroup -b {broker} -g {own_group}", writes=True, effect=effects.group_config),
    Case("updateSubGroup -b {broker} -g {own_group}", writes=True, effect=effects.group_config),
    Case("deleteSubGroup -c {cluster} -g {own_group} -r true", writes=True, effect=effects.group_config),
]
