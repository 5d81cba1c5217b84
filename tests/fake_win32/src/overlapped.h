// SPDX-License-Identifier: MIT
//
// What starting any overlapped operation begins with.

#ifndef FAKE_WIN32_OVERLAPPED_H
#define FAKE_WIN32_OVERLAPPED_H

#include <memory>

#include "call_scope.h"

namespace fake_win32 {

// A new operation, known to the world, and not yet in a queue of its socket; null where the OVERLAPPED is in use.
std::shared_ptr<operation> begin_overlapped(call_scope& call, const std::shared_ptr<socket_object>& socket,
                                            pending_kind kind, OVERLAPPED* overlapped);

// Whether a call whose operation has ended already may say so at once.
bool may_return_at_once(call_scope& call, const operation& op);

} // namespace fake_win32

#endif
