#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "broker/broker.h"
#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"

namespace comet {

// A name server and masters on free ports of this machine, with stores of their own.
class Cluster {
 public:
  Cluster();
  ~Cluster();  // stops all
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Clients are told `announced_host`; the broker listens on 127.0.0.1 all the same.
  void AddBroker(const std::string& name, bool creates_topics = true,
                 const std::string& announced_host = "127.0.0.1");
  void StopBroker(const std::string& name);  // in order: it leaves the name server
  void StopNamesrv();
  std::string AddEmptyNamesrv();  // host:port of one that no broker knows
  // Creates a topic on every broker.
  void CreateTopic(const std::string& topic, int queues);

  std::string namesrv() const;  // host:port
  std::string AddressOf(const std::string& broker) const;

 private:
  struct Master {
    std::string name;
    std::unique_ptr<broker::Broker> broker;
  };
  std::unique_ptr<namesrv::Namesrv> StartNamesrv(const std::string& kv_file);

  TempDirectory directory_;
  PosixFileSystem files_;
  std::unique_ptr<namesrv::Namesrv> namesrv_;
  std::vector<std::unique_ptr<namesrv::Namesrv>> empty_namesrvs_;
  std::vector<Master> masters_;
};

}  // namespace comet
