#include "sdk/src/admin_namesrv.h"

#include <utility>

#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/requests/add_write_permission.h"
#include "remoting/wire/requests/delete_kv_config.h"
#include "remoting/wire/requests/get_kv_config.h"
#include "remoting/wire/requests/get_kv_list.h"
#include "remoting/wire/requests/get_namesrv_config.h"
#include "remoting/wire/requests/put_kv_config.h"
#include "remoting/wire/requests/update_namesrv_config.h"
#include "remoting/wire/requests/wipe_write_permission.h"
#include "sdk/src/admin_cluster.h"

namespace comet::client {

StatusOr<std::optional<std::string>> GetKv(AdminCalls& calls, const std::string& address,
                                           const std::string& ns, const std::string& key) {
  auto answer = calls.Call<wire::GetKvConfig>(address, {.ns = ns, .key = key});
  if (answer.ok()) return std::optional(std::string((*answer)->reply.value.value_or("")));
  if (answer.error().code() == Status::Code::kNotFound) return std::optional<std::string>();
  return answer.TakeError();
}

StatusOr<std::map<std::string, std::string>> ListKv(AdminCalls& calls, const std::string& ns) {
  COMET_ASSIGN(const auto answer, calls.CallNamesrv<wire::GetKvList>({.ns = ns}));
  COMET_ASSIGN(wire::KvTable table, ReadBody<wire::KvTable>(answer->body, "name server"));
  return std::move(table.table);
}

Status PutKv(AdminCalls& calls, const std::string& address, const std::string& ns,
             const std::string& key, const std::string& value) {
  wire::PutKvConfig::Header header;
  header.ns = ns;
  header.key = key;
  header.value = value;
  auto answer = calls.Call<wire::PutKvConfig>(address, header);
  return answer.ok() ? Status() : answer.TakeError();
}

Status DeleteKv(AdminCalls& calls, const std::string& address, const std::string& ns,
                const std::string& key) {
  wire::DeleteKvConfig::Header header;
  header.ns = ns;
  header.key = key;
  auto answer = calls.Call<wire::DeleteKvConfig>(address, header);
  return answer.ok() ? Status() : answer.TakeError();
}

StatusOr<std::map<std::string, std::string>> GetNamesrvConfig(AdminCalls& calls,
                                                              const std::string& address) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetNamesrvConfig>(address, {}));
  return ReadSettings(answer->body, address);
}

Status SetNamesrvConfig(AdminCalls& calls, const std::string& address, const std::string& key,
                        const std::string& value) {
  auto answer = calls.Call<wire::UpdateNamesrvConfig>(address, {}, SettingLine(key, value));
  return answer.ok() ? Status() : answer.TakeError();
}

StatusOr<std::int32_t> WipeWritePermission(AdminCalls& calls, const std::string& address,
                                           const std::string& broker) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::WipeWritePermission>(address, {broker}));
  return answer->reply.topics;
}

StatusOr<std::int32_t> AddWritePermission(AdminCalls& calls, const std::string& address,
                                          const std::string& broker) {
  COMET_ASSIGN(const auto answer, calls.Call<wire::AddWritePermission>(address, {broker}));
  return answer->reply.topics;
}

}  // namespace comet::client
