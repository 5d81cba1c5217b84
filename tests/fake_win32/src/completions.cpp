// SPDX-License-Identifier: MIT

#include "fake_win32/completions.h"

#include <algorithm>
#include <utility>

#include "world.h"

namespace fake_win32 {

void return_at_once(at_once mode)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.mode = mode;
}

void hold_operations()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.holding = hold::operations;
}

void hold_callbacks()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.holding = hold::callbacks;
}

void deliver_completions()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.holding = hold::nothing;
    for (OVERLAPPED* const overlapped : std::exchange(all.held_callbacks, {})) {
        enqueue(all.operations.at(overlapped));
    }
    for (const auto& entry : std::map<SOCKET, std::shared_ptr<socket_object>>(all.sockets)) {
        pump(entry.second);
    }
}

std::vector<pending_operation> pending_operations()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    std::vector<std::shared_ptr<operation>> ordered;
    for (const auto& entry : all.operations) {
        ordered.push_back(entry.second);
    }
    std::sort(ordered.begin(), ordered.end(),
              [](const auto& one, const auto& other) { return one->sequence < other->sequence; });
    std::vector<pending_operation> result;
    for (const auto& op : ordered) {
        result.push_back({op->overlapped, op->socket, op->is_send, op->kind, op->length, op->ended});
    }
    return result;
}

bool wait_for_pending(std::size_t count)
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    return all.changed.wait_for(lock, generous_limit, [&] { return all.operations.size() == count; });
}

bool complete(OVERLAPPED* overlapped, DWORD io_result, ULONG_PTR bytes)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.operations.find(overlapped);
    if (found == all.operations.end()) {
        return false;
    }
    const std::shared_ptr<operation> op = found->second;
    if (!op->ended) {
        const auto socket = all.sockets.find(op->socket);
        if (socket != all.sockets.end()) {
            auto& queue = queue_of(*socket->second, op->kind);
            queue.erase(std::find(queue.begin(), queue.end(), op));
        }
        const hold before = std::exchange(all.holding, hold::nothing);
        end_operation(op, io_result, bytes);
        all.holding = before;
        return true;
    }
    if (all.held_callbacks.erase(overlapped) == 0) {
        return false;
    }
    op->io_result = io_result;
    op->bytes = bytes;
    enqueue(op);
    return true;
}

bool deliver(OVERLAPPED* overlapped)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    if (all.held_callbacks.erase(overlapped) == 0) {
        return false;
    }
    enqueue(all.operations.at(overlapped));
    return true;
}

void hold_timers()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.timers_held = true;
}

void release_timers()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.timers_held = false;
    all.changed.notify_all();
}

void cancel_with(DWORD io_result)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.cancel_error = io_result;
}

void miss_cancels(std::size_t number)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.cancels_to_miss = number;
}

} // namespace fake_win32
