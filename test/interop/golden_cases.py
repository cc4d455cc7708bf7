"""The table of the golden comparison: what is run, and where ours differs by intention."""
import golden_cases_group
import golden_cases_message
import golden_cases_offset
import golden_cases_topic
import golden_cases_cluster

# Reading comes first: what writes changes what there is to read.
CASES = [case for writes in (False, True)
         for part in (golden_cases_topic, golden_cases_cluster, golden_cases_offset,
                      golden_cases_message, golden_cases_group)
         for case in part.CASES if case.writes == writes]

# Commands of both, in lower case, that have no case: why.
NOT_COMPARED = {
    "clusterrt": "Apache's runs for ever",
}
