#pragma once

#include "namesrv/namesrv_config.h"
#include "remoting/base/file_system.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_namesrv_config.h"
#include "remoting/wire/requests/update_namesrv_config.h"

namespace comet::namesrv {

// The settings as sorted key=value lines.
class GetNamesrvConfigHandler {
 public:
  using Request = wire::GetNamesrvConfig;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit GetNamesrvConfigHandler(const Live<NamesrvConfig>& settings) : settings_(settings) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  const Live<NamesrvConfig>& settings_;
};

// Changes settings: all of the request's lines or, if one is not allowed, none. What was changed
// is in the settings' file first, whose former content stays beside it as .bak.
class UpdateNamesrvConfigHandler {
 public:
  using Request = wire::UpdateNamesrvConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  UpdateNamesrvConfigHandler(Live<NamesrvConfig>& settings, FileSystem& fs)
      : settings_(settings), fs_(fs) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Live<NamesrvConfig>& settings_;
  FileSystem& fs_;
};

}  // namespace comet::namesrv
