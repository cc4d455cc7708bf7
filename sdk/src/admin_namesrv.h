#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sdk/src/admin_calls.h"

namespace comet::client {

// Name servers do not talk to each other: what changes one of them takes its address.

// The value of a key; nothing when there is none.
StatusOr<std::optional<std::string>> GetKv(AdminCalls& calls, const std::string& address,
                                           const std::string& ns, const std::string& key);
// All keys of a namespace; kNotFound when it has none.
StatusOr<std::map<std::string, std::string>> ListKv(AdminCalls& calls, const std::string& ns);
Status PutKv(AdminCalls& calls, const std::string& address, const std::string& ns,
             const std::string& key, const std::string& value);
Status DeleteKv(AdminCalls& calls, const std::string& address, const std::string& ns,
                const std::string& key);

StatusOr<std::map<std::string, std::string>> GetNamesrvConfig(AdminCalls& calls,
                                                              const std::string& address);
Status SetNamesrvConfig(AdminCalls& calls, const std::string& address, const std::string& key,
                        const std::string& value);

// Take and give the permission to write to all topics of a broker, and tell how many these were.
StatusOr<std::int32_t> WipeWritePermission(AdminCalls& calls, const std::string& address,
                                           const std::string& broker);
StatusOr<std::int32_t> AddWritePermission(AdminCalls& calls, const std::string& address,
                                          const std::string& broker);

}  // namespace comet::client
