#pragma once

#include "namesrv/kv_table.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/delete_kv_config.h"
#include "remoting/wire/requests/get_kv_config.h"
#include "remoting/wire/requests/get_kv_list.h"
#include "remoting/wire/requests/put_kv_config.h"

namespace comet::namesrv {

// The four requests on the key/value table. Those that write wait for the disk, hence the worker.
class PutKvConfigHandler {
 public:
  using Request = wire::PutKvConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit PutKvConfigHandler(KvTable& kv) : kv_(kv) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  KvTable& kv_;
};

class DeleteKvConfigHandler {
 public:
  using Request = wire::DeleteKvConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit DeleteKvConfigHandler(KvTable& kv) : kv_(kv) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  KvTable& kv_;
};

class GetKvConfigHandler {
 public:
  using Request = wire::GetKvConfig;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit GetKvConfigHandler(const KvTable& kv) : kv_(kv) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  const KvTable& kv_;
};

class GetKvListHandler {
 public:
  using Request = wire::GetKvList;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit GetKvListHandler(const KvTable& kv) : kv_(kv) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  const KvTable& kv_;
};

}  // namespace comet::namesrv
