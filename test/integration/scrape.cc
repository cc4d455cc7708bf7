#include "scrape.h"

#include <cstdlib>

#include "remoting/base/text.h"
#include "test/net/raw_peer.h"

namespace comet {
namespace {

std::string_view TakeWord(std::string_view* line) {
  const auto word = line->substr(0, line->find(' '));
  line->remove_prefix(std::min(word.size() + 1, line->size()));
  return word;
}

}  // namespace

Scrape Scrape::Of(std::uint16_t port) {
  net::RawPeer peer(port);
  peer.Send("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n");
  const auto reply = peer.ReceiveAll();
  const auto head = reply.find("\r\n\r\n");
  if (!reply.starts_with("HTTP/1.1 200 OK\r\n") || head == std::string::npos) {
    Scrape none("");
    none.Complain("no page", reply);
    return none;
  }
  return Scrape(std::string_view(reply).substr(head + 4));
}

Scrape::Scrape(std::string_view text) {
  if (!text.empty() && !text.ends_with('\n')) Complain("no line end", "at the end");
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    Take(line);
  }
}

void Scrape::Take(std::string_view line) {
  auto rest = line;
  if (line.starts_with("# HELP ")) {
    rest.remove_prefix(7);
    family_ = TakeWord(&rest);
    typed_ = false;
    if (rest.empty() || types_.contains(family_)) Complain("no help, or a second one", line);
  } else if (line.starts_with("# TYPE ")) {
    rest.remove_prefix(7);
    if (TakeWord(&rest) != family_ || typed_) Complain("not of the family that began", line);
    if (rest != "counter" && rest != "gauge" && rest != "histogram") Complain("no type", line);
    types_[family_] = rest;
    typed_ = true;
  } else {
    const auto name = line.substr(0, line.find_first_of("{ "));
    if (!typed_ || !name.starts_with(family_)) Complain("no family", line);
    const auto value = line.rfind(' ');
    char* end = nullptr;
    const std::string number(line.substr(value + 1));
    const double parsed = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0') Complain("no number", line);
    if (!series_.emplace(line.substr(0, value), parsed).second) Complain("there twice", line);
  }
}

void Scrape::Complain(std::string_view what, std::string_view line) {
  if (complaint_.empty()) complaint_ = Concat(what, ": ", line);
}

std::optional<double> Scrape::Find(std::string_view name, std::string_view label,
                                   std::string_view value) const {
  const auto wanted = Concat(label, "=\"", value, "\"");
  for (const auto& [series, number] : series_) {
    if (!series.starts_with(Concat(name, "{"))) continue;
    if (series.find(Concat("{", wanted)) != std::string::npos ||
        series.find(Concat(",", wanted)) != std::string::npos) {
      return number;
    }
  }
  return std::nullopt;
}

}  // namespace comet
