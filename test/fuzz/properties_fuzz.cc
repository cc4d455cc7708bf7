#include "remoting/base/check.h"
#include "remoting/wire/properties.h"
#include "test/fuzz/fuzz_target.h"

using namespace comet;

// Everything iterated is found; what is set is found last; what is removed is gone, and nothing
// else with it.
COMET_FUZZ(std::string_view input) {
  std::size_t count = 0;
  wire::PropertyIterator it(input);
  while (const auto property = it.Next()) {
    COMET_CHECK(wire::FindProperty(input, property->name).has_value());
    wire::ForEachKey(property->value, [](std::string_view key) { COMET_CHECK(!key.empty()); });
    if (++count > 64) return;  // the check is quadratic
  }
  std::string text(input);
  wire::SetProperty("N", "value", &text);
  COMET_CHECK(wire::FindProperty(text, "N") == "value");
  COMET_CHECK(wire::RemoveProperty("N", &text));
  COMET_CHECK(!wire::FindProperty(text, "N").has_value());
  wire::PropertyIterator again(input);
  while (const auto property = again.Next()) {
    if (property->name == "N") continue;
    COMET_CHECK(wire::FindProperty(text, property->name) ==
                wire::FindProperty(input, property->name));
  }
}
