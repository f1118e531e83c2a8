// SPDX-License-Identifier: Apache-2.0
#include "dns/answer_addresses.hpp"

namespace sluice::dns {

StoredRdata stored_rdata(const AnswerView& answer, std::size_t i) {
  // owner | type | class | TTL | size | rdata: the fixed part is found from the TTL.
  Reader reader(answer.body(), answer.ttl_position(i) - 4UL);
  const auto type = static_cast<Type>(reader.u16());
  reader.skip(6);
  return {type, reader.octets(reader.u16())};
}

}  // namespace sluice::dns
