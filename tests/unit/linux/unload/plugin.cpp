// SPDX-License-Identifier: MIT

#include "plugin.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "async_socket/async_connect.h"
#include "async_socket/async_delay.h"
#include "async_socket/async_socket.h"
#include "async_socket/execution_engine_linux.h"

#define PLUGIN_FUNCTION extern "C" __attribute__((visibility("default"))) void

namespace {

EXECUTION_ENGINE_HANDLE make_engine()
{
    const char* const backend = std::getenv("ASYNC_SOCKET_TEST_BACKEND");
    const bool by_epoll = backend != nullptr && std::strcmp(backend, "epoll") == 0;
    const EXECUTION_ENGINE_LINUX_PARAMETERS parameters{
        by_epoll ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL : EXECUTION_ENGINE_LINUX_BACKEND_ANY, 1, false};
    return execution_engine_linux_create(&parameters);
}

void tell_end(void* context, const ASYNC_COMPLETION*)
{
    auto& has_ended = *static_cast<std::atomic<bool>*>(context);
    has_ended = true;
    has_ended.notify_all();
}

struct dropped_engine {
    EXECUTION_ENGINE_HANDLE engine;
    void (*meanwhile)();
};
dropped_engine dropped;

} // namespace

PLUGIN_FUNCTION use_and_release(void (*meanwhile)())
{
    EXECUTION_ENGINE_HANDLE const engine = make_engine();
    std::atomic<bool> has_ended{false};
    if (async_delay_start(engine, 0, nullptr, tell_end, &has_ended) == 0) {
        has_ended.wait(false);
    }
    meanwhile();
    execution_engine_dec_ref(engine);
}

PLUGIN_FUNCTION give_up_a_connect(void (*meanwhile)())
{
    EXECUTION_ENGINE_HANDLE const engine = make_engine();
    ASYNC_SOCKET_HANDLE const socket = async_socket_create(engine);
    std::atomic<bool> has_ended{false};
    if (async_socket_connect_ex_async(socket, "silent", 1, ASYNC_NO_TIMEOUT, nullptr, tell_end, &has_ended) == 0) {
        meanwhile();
    }
    async_socket_destroy(socket);
    execution_engine_dec_ref(engine);
}

PLUGIN_FUNCTION drop_in_callback(void (*meanwhile)())
{
    dropped = {make_engine(), meanwhile};
    const auto drop = [](void*, const ASYNC_COMPLETION*) {
        execution_engine_dec_ref(dropped.engine);
        dropped.meanwhile();
    };
    static_cast<void>(async_delay_start(dropped.engine, 0, nullptr, drop, nullptr));
}
