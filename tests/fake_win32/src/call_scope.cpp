// SPDX-License-Identifier: MIT

#include "call_scope.h"

#include "text.h"

namespace fake_win32 {

DWORD& last_error()
{
    static thread_local DWORD error = 0;
    return error;
}

namespace {

// The fault that is due at this call, or 0.
DWORD take_fault(world& all, api function)
{
    for (auto fault = all.faults.begin(); fault != all.faults.end(); ++fault) {
        if (fault->function != function) {
            continue;
        }
        if (fault->remaining == 0) {
            all.fault_fired = true;
            return fault->error;
        }
        if (--fault->remaining == 0) {
            const DWORD error = fault->error;
            all.faults.erase(fault);
            all.fault_fired = true;
            return error;
        }
    }
    if (all.fallible_remaining != 0 && is_fallible(function) && --all.fallible_remaining == 0) {
        all.fault_fired = true;
        return usual_error_of(function);
    }
    return 0;
}

constexpr std::size_t longest_record = 100000;

} // namespace

call_scope::call_scope(api function, std::initializer_list<std::uint64_t> arguments, int)
    : world_(the_world()), lock_(world_.mutex), function_(function), record_(0)
{
    world_.call_counts[static_cast<std::size_t>(function)]++;
    if (world_.recording && world_.calls.size() < longest_record) {
        call_record& record = world_.calls.emplace_back();
        record.function = function;
        record.position = world_.calls.size() - 1;
        record.arguments = arguments;
        record.thread = std::this_thread::get_id();
        record_ = world_.calls.size();
    }
    fault_ = take_fault(world_, function);
    world_.changed.notify_all();
    world_.changed.wait(lock_, [&] { return world_.stalled.count(function) == 0; });
}

call_scope::~call_scope()
{
    if (!noted_) {
        note_result(0, 0);
    }
    world_.changed.notify_all();
}

void call_scope::note_buffers(const WSABUF* buffers, DWORD count)
{
    if (record_ != 0 && buffers != nullptr) {
        world_.calls[record_ - 1].buffers.assign(buffers, buffers + count);
    }
}

void call_scope::note_name(LPCWSTR name)
{
    if (record_ != 0 && name != nullptr) {
        world_.calls[record_ - 1].name = to_utf8(name);
    }
}

void call_scope::note_result(std::uint64_t result, DWORD error)
{
    noted_ = true;
    last_error() = error;
    // The record may have been forgotten while the call was waiting.
    if (record_ != 0 && record_ <= world_.calls.size() && world_.calls[record_ - 1].function == function_ &&
        world_.calls[record_ - 1].thread == std::this_thread::get_id()) {
        call_record& record = world_.calls[record_ - 1];
        record.result = result;
        record.returned = true;
        record.error = error;
    }
}

void call_scope::misused(misuse kind, const std::string& what)
{
    world_.report(kind, std::string(name_of(function_)) + ": " + what);
}

std::shared_ptr<socket_object> call_scope::find_socket(SOCKET handle)
{
    const auto found = world_.sockets.find(handle);
    if (found == world_.sockets.end()) {
        misused(misuse::handle_not_open, "no open socket has the handle " + std::to_string(handle));
        return nullptr;
    }
    return found->second;
}

} // namespace fake_win32
