// SPDX-License-Identifier: MIT
//
// The system's resolver: it takes its time, and has some addresses, or none. Numeric addresses need no resolver.

#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <netdb.h>
#include <netinet/in.h>

#include "world/wrapped_call.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace sim;

namespace {

// What tells an address of the world's from the real resolver's.
constexpr int flags_of_the_world = 0x51ed;

struct address {
    addrinfo info{};
    sockaddr_in place{};
};

addrinfo* make_address(std::uint32_t host, std::uint16_t port, addrinfo* next)
{
    auto* const made = new address;
    made->place.sin_family = AF_INET;
    made->place.sin_port = htons(port);
    made->place.sin_addr.s_addr = htonl(host);
    made->info.ai_flags = flags_of_the_world;
    made->info.ai_family = AF_INET;
    made->info.ai_socktype = SOCK_STREAM;
    made->info.ai_addrlen = sizeof made->place;
    made->info.ai_addr = reinterpret_cast<sockaddr*>(&made->place);
    made->info.ai_next = next;
    return &made->info;
}

int resolve(world& own, const char* service, addrinfo** addresses)
{
    sim::random& chance = own.time.chance();
    constexpr time_point longest[] = {0, 200 * microsecond, 300 * millisecond, 40 * second};
    const time_point delay = longest[chance.below(4)] / 1'000 * chance.below(1'000);
    own.time.rest(own.time.now() + delay);
    if (own.interrupts()) {
        errno = EINTR;
        return EAI_SYSTEM;
    }
    constexpr int failures[] = {EAI_NONAME, EAI_AGAIN, EAI_MEMORY};
    if (chance.one_in(6)) {
        ++own.past.failed_connects;
        return failures[chance.below(3)];
    }
    const auto port = static_cast<std::uint16_t>(std::strtoul(service, nullptr, 10));
    constexpr std::uint32_t silent_host = (std::uint32_t{world::silent_network} << 24) | 1;
    *addresses = nullptr;
    for (std::uint32_t left = 1 + chance.below(4); left != 0; --left) {
        *addresses = make_address(chance.one_in(2) ? std::uint32_t{INADDR_LOOPBACK} : silent_host, port, *addresses);
    }
    return 0;
}

} // namespace

extern "C" {

int __real_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** addresses);
int __wrap_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** addresses);
int __wrap_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** addresses)
{
    const bool is_numeric = hints != nullptr && (hints->ai_flags & AI_NUMERICHOST) != 0;
    world* const own = is_numeric ? nullptr : begin_call("getaddrinfo");
    return own == nullptr ? __real_getaddrinfo(host, service, hints, addresses) : resolve(*own, service, addresses);
}

void __real_freeaddrinfo(addrinfo* addresses);
void __wrap_freeaddrinfo(addrinfo* addresses);
void __wrap_freeaddrinfo(addrinfo* addresses)
{
    if (addresses == nullptr || addresses->ai_flags != flags_of_the_world) {
        __real_freeaddrinfo(addresses);
        return;
    }
    while (addresses != nullptr) {
        addrinfo* const next = addresses->ai_next;
        delete reinterpret_cast<address*>(addresses);
        addresses = next;
    }
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
