#pragma once

// Java's .properties text, the format of conf files and of the config requests 25, 26, 318, 319.

#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"

namespace comet {

struct PropertyLine {
  std::string key;
  std::string value;       // blanks around it are removed: RocketMQ trims strings too
  int line = 0;            // where the entry begins, from 1
  bool has_value = false;  // false for a bare key
};

// Entries in the order written; a key may come twice, then the last one counts.
struct JavaProperties {
  std::string source;  // a file name or another word for where the text came from
  std::vector<PropertyLine> lines;
};

// key=value, key:value or key value; # and ! begin a comment line; a backslash continues a line or
// escapes a character; \uXXXX is a UTF-16 unit. Bytes beyond ASCII are kept as they are, so a
// UTF-8 file gives UTF-8 values. A malformed \u is an error naming source and line; more than 1 MiB
// of text is one too.
StatusOr<JavaProperties> ParseJavaProperties(std::string_view text, std::string source);

}  // namespace comet
