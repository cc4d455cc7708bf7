#pragma once

#include "console/cli/command.h"
#include "console/cli/output.h"

namespace comet::cli {

// What consumerStatus and its older twin, consumer, do; they differ in the table of the clients.
// Options: consumerGroup, clientId, brokerAddr (of the new one), jstack, save.
Status ReportClients(Context& context, const Arguments& arguments, const TableForm& table);

}  // namespace comet::cli
