// SPDX-License-Identifier: MIT
//
// What every Win32 call begins and ends with: the world's mutex, a line in the record, a fault that is due, the last
// error.

#ifndef FAKE_WIN32_CALL_SCOPE_H
#define FAKE_WIN32_CALL_SCOPE_H

#include <initializer_list>
#include <memory>
#include <mutex>
#include <type_traits>

#include "world.h"

namespace fake_win32 {

template <class T>
std::uint64_t as_number(T value)
{
    if constexpr (std::is_pointer_v<T>) {
        return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(value));
    } else if constexpr (std::is_null_pointer_v<T>) {
        return 0;
    } else {
        return static_cast<std::uint64_t>(value);
    }
}

class call_scope {
public:
    template <class... Arguments>
    explicit call_scope(api function, Arguments... arguments) : call_scope(function, {as_number(arguments)...}, 0)
    {
    }
    call_scope(const call_scope&) = delete;
    call_scope& operator=(const call_scope&) = delete;
    ~call_scope();

    world& all() { return world_; }
    std::unique_lock<std::mutex>& lock() { return lock_; }
    void note_buffers(const WSABUF* buffers, DWORD count);
    void note_name(LPCWSTR name);

    bool has_fault() const { return fault_ != 0; } // an error was asked for: the call must fail with it
    DWORD fault() const { return fault_; }

    // Each gives the value to return. Whatever is not said to leave the last error alone overwrites it here, so that
    // nobody relies on its surviving a call that succeeds.
    template <class T>
    T succeed(T result)
    {
        note_result(as_number(result), 0);
        return result;
    }
    template <class T>
    T fail(DWORD error, T result)
    {
        note_result(as_number(result), error);
        return result;
    }
    void misused(misuse kind, const std::string& what);

    // The socket of a handle; reports a misuse and gives null where there is none.
    std::shared_ptr<socket_object> find_socket(SOCKET handle);

private:
    call_scope(api function, std::initializer_list<std::uint64_t> arguments, int);
    void note_result(std::uint64_t result, DWORD error);

    world& world_;
    std::unique_lock<std::mutex> lock_;
    api function_;
    std::size_t record_; // its position in the record plus 1; 0: not recorded
    DWORD fault_ = 0;
    bool noted_ = false;
};

// The one last error of a thread, which Win32 and Winsock share.
DWORD& last_error();

DWORD usual_error_of(api function);
bool is_fallible(api function);

} // namespace fake_win32

#endif
