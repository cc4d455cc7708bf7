#include "remoting/base/crc32.h"

#include <isa-l/crc.h>

namespace comet {

std::uint32_t Crc32(std::string_view bytes, std::uint32_t seed) {
  return crc32_gzip_refl(seed, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace comet
