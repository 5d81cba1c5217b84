// SPDX-License-Identifier: MIT

#include "address_text.h"

#include <arpa/inet.h>

namespace fake_win32 {

std::string address_to_text(bool is_v6, const unsigned char* bytes)
{
    char text[INET6_ADDRSTRLEN] = {};
    return ::inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes, text, sizeof text) != nullptr ? text : "";
}

bool text_to_address(const std::string& text, bool& is_v6, unsigned char* bytes)
{
    is_v6 = text.find(':') != std::string::npos;
    return ::inet_pton(is_v6 ? AF_INET6 : AF_INET, text.c_str(), bytes) == 1;
}

} // namespace fake_win32
