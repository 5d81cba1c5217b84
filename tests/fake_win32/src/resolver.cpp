// SPDX-License-Identifier: MIT
//
// Names, services and numeric addresses.

#include <algorithm>
#include <cstdlib>

#include "address.h"
#include "call_scope.h"
#include "text.h"

namespace fake_win32 {

namespace {

// The addresses of a node, or the error.
DWORD resolve(const world& all, const char* node, int flags, std::vector<address>& found)
{
    if (node == nullptr) {
        for (const int family : {AF_INET6, AF_INET}) {
            address result;
            result.family = family;
            found.push_back((flags & AI_PASSIVE) != 0 ? result : loopback(family, 0));
        }
        return 0;
    }
    if (const std::optional<address> numeric = parse_address(node)) {
        found.push_back(*numeric);
        return 0;
    }
    const auto host = all.hosts.find(node);
    if ((flags & AI_NUMERICHOST) != 0 || host == all.hosts.end()) {
        return WSAHOST_NOT_FOUND;
    }
    for (const std::string& text : host->second) {
        if (const std::optional<address> numeric = parse_address(text)) {
            found.push_back(*numeric);
        }
    }
    return 0;
}

bool parse_port(const char* service, std::uint16_t& port)
{
    port = 0;
    if (service == nullptr) {
        return true;
    }
    char* end = nullptr;
    const unsigned long value = std::strtoul(service, &end, 10);
    port = static_cast<std::uint16_t>(value);
    return end != service && *end == '\0' && value <= 65535;
}

bool copy_text(const std::string& text, char* to, DWORD size)
{
    if (to == nullptr) {
        return true;
    }
    if (text.size() + 1 > size) {
        return false;
    }
    std::memcpy(to, text.c_str(), text.size() + 1);
    return true;
}

std::optional<std::string> text_at(LPCWSTR text)
{
    return text == nullptr ? std::nullopt : std::optional(to_utf8(text));
}

} // namespace

int GetAddrInfoW(LPCWSTR wide_node, LPCWSTR wide_service, const ADDRINFOW* hints, ADDRINFOW** result)
{
    call_scope call(api::GetAddrInfoW, wide_node, wide_service, hints, result);
    call.note_name(wide_node);
    if (call.has_fault()) {
        return call.fail(call.fault(), static_cast<int>(call.fault()));
    }
    world& all = call.all();
    const std::optional<std::string> node = text_at(wide_node);
    const std::optional<std::string> service = text_at(wide_service);
    const int family = hints != nullptr ? hints->ai_family : AF_UNSPEC;
    std::vector<address> found;
    DWORD error = all.winsock_starts == 0 ? WSANOTINITIALISED : 0;
    std::uint16_t port = 0;
    if (error == 0 && !parse_port(service ? service->c_str() : nullptr, port)) {
        error = WSATYPE_NOT_FOUND;
    }
    if (error == 0) {
        error = resolve(all, node ? node->c_str() : nullptr, hints != nullptr ? hints->ai_flags : 0, found);
    }
    found.erase(std::remove_if(found.begin(), found.end(),
                               [family](const address& one) { return family != AF_UNSPEC && one.family != family; }),
                found.end());
    if (error == 0 && found.empty()) {
        error = WSAHOST_NOT_FOUND;
    }
    if (error != 0) {
        return call.fail(error, static_cast<int>(error));
    }
    auto list = std::make_unique<address_list>();
    list->entries.resize(found.size());
    list->addresses.resize(found.size());
    for (std::size_t i = 0; i < found.size(); i++) {
        found[i].port = port;
        ADDRINFOW& entry = list->entries[i];
        entry.ai_family = found[i].family;
        entry.ai_socktype = SOCK_STREAM;
        entry.ai_protocol = IPPROTO_TCP;
        entry.ai_addrlen = static_cast<std::size_t>(write_sockaddr(found[i], list->addresses[i]));
        entry.ai_addr = reinterpret_cast<sockaddr*>(&list->addresses[i]);
        entry.ai_next = i + 1 < found.size() ? &list->entries[i + 1] : nullptr;
    }
    *result = list->entries.data();
    all.address_lists[*result] = std::move(list);
    return call.succeed(0);
}

void FreeAddrInfoW(ADDRINFOW* list)
{
    call_scope call(api::FreeAddrInfoW, list);
    if (call.all().address_lists.erase(list) == 0) {
        call.misused(misuse::address_list_not_live, "not a list of GetAddrInfoW, or freed already");
    }
}

int getnameinfo(const sockaddr* name, int name_length, char* host, DWORD host_size, char* service, DWORD service_size,
                INT flags)
{
    call_scope call(api::getnameinfo, name, name_length, host, host_size, service, service_size, flags);
    if (call.has_fault()) {
        return call.fail(call.fault(), static_cast<int>(call.fault()));
    }
    const std::optional<address> value = read_sockaddr(name, name_length);
    // There are no names for addresses here.
    const bool supported = host == nullptr || (flags & NI_NUMERICHOST) != 0;
    if (!value || !supported || !copy_text(text_of(*value), host, host_size) ||
        !copy_text(std::to_string(value->port), service, service_size)) {
        return call.fail(WSAEFAULT, WSAEFAULT);
    }
    return call.succeed(0);
}

const char* inet_ntop(INT family, const void* source, char* text, std::size_t size)
{
    call_scope call(api::inet_ntop, family, source, text, size);
    if (call.has_fault()) {
        return call.fail<const char*>(call.fault(), nullptr);
    }
    address value;
    value.family = family;
    std::memcpy(value.bytes.data(), source, family == AF_INET ? 4 : 16);
    if (!copy_text(text_of(value), text, static_cast<DWORD>(size))) {
        return call.fail<const char*>(ERROR_INVALID_PARAMETER, nullptr);
    }
    return call.succeed<const char*>(text);
}

INT inet_pton(INT family, const char* text, void* result)
{
    call_scope call(api::inet_pton, family, text, result);
    if (call.has_fault()) {
        return call.fail(call.fault(), -1);
    }
    const std::optional<address> value = parse_address(text);
    if (!value || value->family != family) {
        return call.succeed(0);
    }
    std::memcpy(result, value->bytes.data(), family == AF_INET ? 4 : 16);
    return call.succeed(1);
}

} // namespace fake_win32
