// SPDX-License-Identifier: MIT
//
// Events, waiting for them, and the calls on any handle.

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

HANDLE create_event(call_scope& call, BOOL manual_reset, BOOL initial_state)
{
    if (call.has_fault()) {
        return call.fail<HANDLE>(call.fault(), nullptr);
    }
    const HANDLE handle = call.all().new_handle();
    event_object& event = call.all().events[handle];
    event.manual_reset = manual_reset != 0;
    event.signaled = initial_state != 0;
    return call.succeed(handle);
}

bool is_used_by_operation(const world& all, HANDLE event)
{
    return std::any_of(all.operations.begin(), all.operations.end(),
                       [event](const auto& entry) { return entry.second->event == event; });
}

BOOL set_signal(call_scope& call, HANDLE handle, bool signaled)
{
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    const auto found = call.all().events.find(handle);
    if (found == call.all().events.end()) {
        call.misused(misuse::handle_not_open, "not an open event");
        return call.fail(ERROR_INVALID_HANDLE, FALSE);
    }
    found->second.signaled = signaled;
    return call.succeed(TRUE);
}

DWORD wait_for(call_scope& call, const HANDLE* handles, DWORD count, bool all_of_them, DWORD milliseconds)
{
    world& all = call.all();
    std::vector<event_object*> events;
    for (DWORD i = 0; i < count; i++) {
        const auto found = all.events.find(handles[i]);
        if (found == all.events.end()) {
            call.misused(misuse::handle_not_open, "not an open event");
            return call.fail(ERROR_INVALID_HANDLE, WAIT_FAILED);
        }
        events.push_back(&found->second);
    }
    const auto is_signaled = [](const event_object* event) { return event->signaled; };
    const auto done = [&] {
        return all_of_them ? std::all_of(events.begin(), events.end(), is_signaled)
                           : std::any_of(events.begin(), events.end(), is_signaled);
    };
    for (event_object* event : events) {
        event->waiting++;
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    bool is_done = done();
    while (!is_done) {
        if (milliseconds == INFINITE) {
            all.changed.wait(call.lock());
        } else if (all.changed.wait_until(call.lock(), deadline) == std::cv_status::timeout) {
            is_done = done();
            break;
        }
        is_done = done();
    }
    for (event_object* event : events) {
        event->waiting--;
    }
    if (!is_done) {
        return call.succeed(WAIT_TIMEOUT);
    }
    DWORD index = 0;
    if (!all_of_them) {
        index = static_cast<DWORD>(std::find_if(events.begin(), events.end(), is_signaled) - events.begin());
    }
    for (DWORD i = 0; i < count; i++) {
        if ((all_of_them || i == index) && !events[i]->manual_reset) {
            events[i]->signaled = false;
        }
    }
    return call.succeed(WAIT_OBJECT_0 + index);
}

} // namespace

HANDLE CreateEventA(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initial_state, LPCSTR name)
{
    call_scope call(api::CreateEventA, attributes, manual_reset, initial_state, name);
    return create_event(call, manual_reset, initial_state);
}

HANDLE CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initial_state, LPCWSTR name)
{
    call_scope call(api::CreateEventW, attributes, manual_reset, initial_state, name);
    return create_event(call, manual_reset, initial_state);
}

BOOL SetEvent(HANDLE event)
{
    call_scope call(api::SetEvent, event);
    return set_signal(call, event, true);
}

BOOL ResetEvent(HANDLE event)
{
    call_scope call(api::ResetEvent, event);
    return set_signal(call, event, false);
}

BOOL CloseHandle(HANDLE handle)
{
    call_scope call(api::CloseHandle, handle);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    world& all = call.all();
    const auto found = all.events.find(handle);
    if (found == all.events.end()) {
        call.misused(misuse::handle_not_open, "not an open event: closed twice, or never created");
        return call.fail(ERROR_INVALID_HANDLE, FALSE);
    }
    if (is_used_by_operation(all, handle)) {
        call.misused(misuse::event_in_use_closed, "the event of an operation that is pending");
    }
    if (found->second.waiting != 0) {
        call.misused(misuse::event_in_use_closed, "a thread is waiting for the event");
        found->second.signaled = true;
        all.changed.notify_all();
        all.changed.wait(call.lock(), [&] { return found->second.waiting == 0; });
    }
    all.events.erase(found);
    return call.succeed(TRUE);
}

BOOL SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    call_scope call(api::SetHandleInformation, handle, mask, flags);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    const auto socket = call.find_socket(reinterpret_cast<SOCKET>(handle));
    if (socket == nullptr) {
        return call.fail(ERROR_INVALID_HANDLE, FALSE);
    }
    if ((mask & HANDLE_FLAG_INHERIT) != 0) {
        socket->inheritable = (flags & HANDLE_FLAG_INHERIT) != 0;
    }
    return call.succeed(TRUE);
}

DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    call_scope call(api::WaitForSingleObject, handle, milliseconds);
    if (call.has_fault()) {
        return call.fail(call.fault(), WAIT_FAILED);
    }
    return wait_for(call, &handle, 1, false, milliseconds);
}

DWORD WaitForMultipleObjects(DWORD count, const HANDLE* handles, BOOL wait_all, DWORD milliseconds)
{
    call_scope call(api::WaitForMultipleObjects, count, handles, wait_all, milliseconds);
    if (call.has_fault()) {
        return call.fail(call.fault(), WAIT_FAILED);
    }
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS || handles == nullptr) {
        return call.fail(ERROR_INVALID_PARAMETER, WAIT_FAILED);
    }
    return wait_for(call, handles, count, wait_all != 0, milliseconds);
}

BOOL CancelIoEx(HANDLE handle, LPOVERLAPPED overlapped)
{
    call_scope call(api::CancelIoEx, handle, overlapped);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    const auto socket = call.find_socket(reinterpret_cast<SOCKET>(handle));
    if (socket == nullptr) {
        return call.fail(ERROR_INVALID_HANDLE, FALSE);
    }
    if (call.all().cancels_to_miss != 0) {
        call.all().cancels_to_miss--;
        return call.fail(ERROR_NOT_FOUND, FALSE);
    }
    const bool was_blocked = overlapped == nullptr && socket->inside != 0;
    if (overlapped == nullptr) {
        socket->cancel_generation++;
    }
    const std::size_t ended = end_operations(*socket, call.all().cancel_error, overlapped);
    return ended != 0 || was_blocked ? call.succeed(TRUE) : call.fail(ERROR_NOT_FOUND, FALSE);
}

} // namespace fake_win32
