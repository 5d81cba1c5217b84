// SPDX-License-Identifier: MIT
//
// Addresses as text by the host's libc, whose headers cannot stand beside those of the fake.

#ifndef FAKE_WIN32_ADDRESS_TEXT_H
#define FAKE_WIN32_ADDRESS_TEXT_H

#include <string>

namespace fake_win32 {

std::string address_to_text(bool is_v6, const unsigned char* bytes);
bool text_to_address(const std::string& text, bool& is_v6, unsigned char* bytes); // 16 bytes of room

} // namespace fake_win32

#endif
