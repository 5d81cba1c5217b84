// SPDX-License-Identifier: MIT
//
// The handles of the library, each given back at the end of its scope.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_OWNERS_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_OWNERS_H

#include <utility>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"
#include "async_socket/execution_engine.h"
#include "async_socket/socket_transport.h"

namespace contract {

template <typename Handle, void (*give_back)(Handle)>
class owner {
public:
    owner() = default;
    explicit owner(Handle handle) : handle_(handle) {}
    owner(owner&& other) noexcept : handle_(other.release()) {}
    owner& operator=(owner&& other) noexcept
    {
        reset(other.release());
        return *this;
    }
    ~owner() { reset(); }

    [[nodiscard]] Handle get() const { return handle_; }
    [[nodiscard]] explicit operator bool() const { return handle_ != nullptr; }
    // Gives the handle up to the caller.
    Handle release() { return std::exchange(handle_, nullptr); }
    void reset(Handle handle = nullptr)
    {
        if (Handle const before = std::exchange(handle_, handle); before != nullptr) {
            give_back(before);
        }
    }

private:
    Handle handle_ = nullptr;
};

using engine_owner = owner<EXECUTION_ENGINE_HANDLE, execution_engine_dec_ref>;
using transport_owner = owner<SOCKET_TRANSPORT_HANDLE, socket_transport_destroy>;
using listener_owner = owner<ASYNC_LISTENER_HANDLE, async_listener_destroy>;
using socket_owner = owner<ASYNC_SOCKET_HANDLE, async_socket_destroy>;

} // namespace contract

#endif
