#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "remoting/base/describe_json.h"
#include "remoting/base/json.h"
#include "remoting/base/status.h"
#include "remoting/base/text.h"

namespace comet::cli {

// How a command prints: the text that mqadmin has always printed, or one JSON document.
enum class Form : std::uint8_t { kTable, kJson };

// What a column or field says: its text, and the value it has in JSON.
struct Cell {
  std::string text;
  Json value;

  Cell(std::string string) : text(std::move(string)), value(text) {}  // NOLINT: as text
  Cell(std::string_view string) : Cell(std::string(string)) {}        // NOLINT
  Cell(const char* string) : Cell(std::string(string)) {}             // NOLINT
  template <std::same_as<bool> T>
  Cell(T truth) : text(truth ? "true" : "false"), value(truth) {}  // NOLINT
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Cell(T number)  // NOLINT
      : text(std::to_string(number)), value(static_cast<std::int64_t>(number)) {}
  // Text that is shortened, rounded or a date, and what it stands for.
  Cell(std::string shown, Json meant) : text(std::move(shown)), value(std::move(meant)) {}
};

// The first `characters` of it in text, all of it in JSON.
Cell Shortened(const std::string& text, std::size_t characters);
// So many digits behind the point in text, the number itself in JSON.
Cell Decimal(double value, int decimals);
// A date to the second and to the millisecond in text, ms since 1970 in JSON.
Cell Moment(std::int64_t epoch_ms);
Cell MomentMs(std::int64_t epoch_ms);

struct Column {
  std::string_view head;  // "#Broker Name"
  std::string_view json;  // "brokerName": an interface, it never changes
};

// A table, declared once: header texts, JSON names, and the patterns that lay them out (table.h).
struct TableForm {
  std::string_view list;          // member of the document with the rows; "": the document is it
  std::string_view head_pattern;  // "": the table has no header line
  std::string_view line_pattern;
  std::span<const Column> columns;
};

struct Field {
  std::string_view name;
  Cell value;
};

// {"name":value,…}
Json Record(std::initializer_list<Field> fields);
Json Strings(std::span<const std::string> texts);                 // ["a","b"]
Json StringMap(const std::map<std::string, std::string>& table);  // {"key":"value",…}
Json Parsed(std::string_view json);                               // null for what is no JSON

// The JSON that peers get of it.
template <Described T>
Json JsonOf(const T& value) {
  return Parsed(ToJson(value, JsonStyle::kFastjson));
}

// What a command prints on stdout. In table form everything appears at once, as text; in JSON form
// the document grows, and is printed at the end. A document is either a list or has members: a
// command that adds to the list "" sets no members.
class Output {
 public:
  Output(std::ostream& stream, Form form) : stream_(stream), form_(form) {}

  bool json() const { return form_ == Form::kJson; }
  // False once something could not be written.
  bool writable() const { return stream_.good(); }

  // Prose and empty lines: nothing in JSON.
  void Say(std::string_view text);
  // The header line; an empty list in JSON until rows come.
  void Begin(const TableForm& table);
  // A row; as many cells as the table has columns.
  void Add(const TableForm& table, std::initializer_list<Cell> cells);
  // A member of the document; `text` is all that table form prints of it.
  void Set(std::string_view name, Json value, std::string_view text);
  // The whole document, of a command that prints nothing else.
  void SetAll(Json document, std::string_view text);
  // A list that may stay empty.
  void BeginList(std::string_view list) {
    if (json()) ListAt(list);
  }
  // One more entry of a list of the document, "" being the document itself.
  void Append(std::string_view list, Json value, std::string_view text);

  template <class T>
  Output& operator<<(const T& text) {
    Say(Concat(text));
    return *this;
  }
  void flush() { stream_.flush(); }

  // The document is complete. Commands that repeat themselves print one for every round.
  void EndRound();
  // At the end of the command. kIo when something could not be written.
  Status Finish(bool failed);

 private:
  Json::Array& ListAt(std::string_view name);
  Json& MemberAt(std::string_view name);

  std::ostream& stream_;
  const Form form_;
  Json document_;  // null: nothing was printed in this round
  bool ended_a_round_ = false;
};

}  // namespace comet::cli
