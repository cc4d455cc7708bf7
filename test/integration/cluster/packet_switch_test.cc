// The bad network itself: what it promises to do to packets it does, seen by TCP.

#include "packet_switch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net_host.h"
#include "sandbox.h"

namespace comet {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kPort = 4000;

sockaddr_in At(const std::string& address) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(kPort);
  EXPECT_EQ(::inet_pton(AF_INET, address.c_str(), &at.sin_addr), 1);
  return at;
}

// Two hosts with a connection between them.
class PacketSwitchTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string& why = EnterSandbox(); !why.empty()) GTEST_SKIP() << why;
    std::vector<PacketSwitch::Port> ports;
    for (const char* address : {"10.77.0.1", "10.77.0.2"}) {
      auto host = NetHost::Create(address);
      if (!host.ok()) GTEST_SKIP() << host.error().ToString();
      hosts_.push_back(host.Take());
      ports.push_back({hosts_.back()->device(), address});
    }
    switch_ = std::make_unique<PacketSwitch>(ports, 1);
    hosts_[1]->Run([&] {
      listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in here = At("10.77.0.2");
      ASSERT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof(here)), 0);
      ASSERT_EQ(::listen(listener_, 1), 0);
    });
    hosts_[0]->Run([&] {
      end_[0] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in there = At("10.77.0.2");
      ASSERT_EQ(::connect(end_[0], reinterpret_cast<const sockaddr*>(&there), sizeof(there)), 0);
    });
    end_[1] = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    ASSERT_GE(end_[1], 0);
  }
  void TearDown() override {
    for (const int descriptor : {listener_, end_[0], end_[1]}) {
      if (descriptor >= 0) ::close(descriptor);
    }
  }

  void Send(std::string_view text) {
    ASSERT_EQ(::send(end_[0], text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  bool ArrivesWithin(std::chrono::milliseconds time) {
    pollfd readable{end_[1], POLLIN, 0};
    return ::poll(&readable, 1, static_cast<int>(time.count())) == 1;
  }
  std::string Receive() {
    char bytes[4096];
    const ssize_t got = ::recv(end_[1], bytes, sizeof(bytes), 0);
    return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
  }

  std::vector<std::unique_ptr<NetHost>> hosts_;
  std::unique_ptr<PacketSwitch> switch_;
  int listener_ = -1;
  int end_[2] = {-1, -1};
};

TEST_F(PacketSwitchTest, CarriesPackets) {
  Send("hello");
  ASSERT_TRUE(ArrivesWithin(5s));
  EXPECT_EQ(Receive(), "hello");
  EXPECT_GE(switch_->carried(), 4);
  EXPECT_EQ(switch_->lost(), 0);
}

TEST_F(PacketSwitchTest, DelaysPackets) {
  switch_->Set(0, 1, {.delay = 100ms});
  const MonoTime sent = SystemClock().Now();
  Send("hello");
  ASSERT_TRUE(ArrivesWithin(5s));
  EXPECT_GE(SystemClock().Now() - sent, 100ms);
  EXPECT_EQ(Receive(), "hello");
}

TEST_F(PacketSwitchTest, CutsAndMendsALinkWithoutTheConnectionsNotice) {
  switch_->Set(0, 1, {.cut = true});
  Send("hello");
  EXPECT_FALSE(ArrivesWithin(300ms));
  EXPECT_GE(switch_->lost(), 1);
  switch_->Set(0, 1, {});
  ASSERT_TRUE(ArrivesWithin(10s));
  EXPECT_EQ(Receive(), "hello");
}

TEST_F(PacketSwitchTest, LosesTheShareOfPacketsThatWasAskedFor) {
  switch_->Set(0, 1, {.lost_percent = 10});
  const std::string much(500'000, 'x');
  std::thread sender([&] { Send(much); });
  std::size_t received = 0;
  while (received < much.size() && ArrivesWithin(30s)) received += Receive().size();
  sender.join();
  EXPECT_EQ(received, much.size());
  const double all = static_cast<double>(switch_->lost() + switch_->carried());
  EXPECT_GT(static_cast<double>(switch_->lost()) / all, 0.04);
  EXPECT_LT(static_cast<double>(switch_->lost()) / all, 0.2);
}

}  // namespace
}  // namespace comet
