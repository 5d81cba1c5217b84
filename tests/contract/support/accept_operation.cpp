// SPDX-License-Identifier: MIT

#include "support/ex_operation.h"

namespace contract {

int accept_operation::start(ASYNC_LISTENER_HANDLE listener, std::uint32_t timeout_ms)
{
    const starting guard(*this);
    note_start();
    return async_listener_accept_async(listener, timeout_ms, &id_, on_accept_complete, this);
}

void accept_operation::on_accept_complete(void* context, const ASYNC_COMPLETION* completion,
                                          SOCKET_TRANSPORT_HANDLE accepted)
{
    accept_operation& self = *static_cast<accept_operation*>(context);
    self.accepted_.reset(accepted);
    self.end_with(*completion);
}

} // namespace contract
