// SPDX-License-Identifier: MIT
//
// Starting Winsock, and making, ending and shutting down sockets.

#include "call_scope.h"

#include <atomic>
#include <thread>

namespace fake_win32 {

namespace {

// Wine counts the starts without a lock, and so has to be asked by one thread at a time.
class counting {
public:
    counting() : is_alone_(inside_.fetch_add(1) == 0)
    {
        std::this_thread::yield(); // for others to come meanwhile
    }
    counting(const counting&) = delete;
    counting& operator=(const counting&) = delete;
    ~counting() { inside_.fetch_sub(1); }

    void check(call_scope& call) const
    {
        if (!is_alone_) {
            call.misused(misuse::winsock_counted_twice, "another thread is inside WSAStartup or WSACleanup");
        }
    }

private:
    inline static std::atomic<int> inside_{0};
    bool is_alone_;
};

} // namespace

int WSAStartup(WORD version, LPWSADATA data)
{
    const counting now;
    call_scope call(api::WSAStartup, version, data);
    now.check(call);
    if (call.has_fault()) {
        // WSAStartup returns its error; the last error says nothing.
        return call.fail(0, static_cast<int>(call.fault()));
    }
    if (version != MAKEWORD(2, 2)) {
        return call.fail(0, WSAVERNOTSUPPORTED);
    }
    *data = {};
    data->wVersion = version;
    data->wHighVersion = version;
    call.all().winsock_starts++;
    return call.succeed(0);
}

int WSACleanup()
{
    const counting now;
    call_scope call(api::WSACleanup);
    now.check(call);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    world& all = call.all();
    if (all.winsock_starts == 0) {
        call.misused(misuse::winsock_unbalanced, "without a WSAStartup before");
        return call.fail(WSANOTINITIALISED, SOCKET_ERROR);
    }
    if (all.winsock_starts == 1 && !all.sockets.empty()) {
        call.misused(misuse::winsock_unbalanced, "the last one, with sockets still open");
    }
    all.winsock_starts--;
    return call.succeed(0);
}

SOCKET WSASocketW(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags)
{
    call_scope call(api::WSASocketW, family, type, protocol, info, group, flags);
    if (call.has_fault()) {
        return call.fail(call.fault(), INVALID_SOCKET);
    }
    world& all = call.all();
    if (all.winsock_starts == 0) {
        return call.fail(WSANOTINITIALISED, INVALID_SOCKET);
    }
    if (family == FROM_PROTOCOL_INFO) {
        const auto original = call.find_socket(info->duplicated);
        if (original == nullptr) {
            return call.fail(WSAENOTSOCK, INVALID_SOCKET);
        }
        const auto handle = reinterpret_cast<SOCKET>(all.new_handle());
        original->handles++;
        all.sockets[handle] = original;
        return call.succeed(handle);
    }
    if ((family != AF_INET && family != AF_INET6) || (family == AF_INET6 && !all.has_ipv6)) {
        return call.fail(WSAEAFNOSUPPORT, INVALID_SOCKET);
    }
    if (type != SOCK_STREAM || (protocol != 0 && protocol != IPPROTO_TCP)) {
        return call.fail(WSAEOPNOTSUPP, INVALID_SOCKET);
    }
    const auto socket = new_socket_object(family);
    socket->handle = reinterpret_cast<SOCKET>(all.new_handle());
    socket->overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0;
    socket->inheritable = (flags & WSA_FLAG_NO_HANDLE_INHERIT) == 0;
    all.sockets[socket->handle] = socket;
    return call.succeed(socket->handle);
}

int WSADuplicateSocketW(SOCKET handle, DWORD process, LPWSAPROTOCOL_INFOW info)
{
    call_scope call(api::WSADuplicateSocketW, handle, process, info);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    if (call.find_socket(handle) == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (process != GetCurrentProcessId()) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    *info = {handle, process};
    return call.succeed(0);
}

int closesocket(SOCKET handle)
{
    call_scope call(api::closesocket, handle);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (socket->inside != 0) {
        call.misused(misuse::socket_in_use_closed, "another thread is inside a call on the socket");
    }
    if (!socket->sends.empty() || !socket->receives.empty() || !socket->connects.empty() || !socket->accepts.empty()) {
        call.misused(misuse::socket_closed_uncancelled, "operations are pending that CancelIoEx has not ended");
        end_operations(*socket, call.all().cancel_error, nullptr);
    }
    call.all().sockets.erase(handle);
    if (--socket->handles != 0) {
        // It goes on under its other name.
        for (const auto& [other, object] : call.all().sockets) {
            socket->handle = object == socket ? other : socket->handle;
        }
        return call.succeed(0);
    }
    for (const auto& queued : socket->backlog) {
        abandon_end(queued, true);
    }
    socket->backlog.clear();
    // Bytes that nobody has read make the close a reset, as they do on Windows.
    abandon_end(socket, socket->abortive || !socket->received.empty());
    socket->closed = true;
    return call.succeed(0);
}

int shutdown(SOCKET handle, int how)
{
    call_scope call(api::shutdown, handle, how);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (socket->state != socket_state::connected || socket->lacks_context) {
        return call.fail(WSAENOTCONN, SOCKET_ERROR);
    }
    // What is blocked or pending already is not ended by this: that takes CancelIoEx.
    socket->send_shut = socket->send_shut || how == SD_SEND || how == SD_BOTH;
    socket->receive_shut = socket->receive_shut || how == SD_RECEIVE || how == SD_BOTH;
    pump(socket);
    return call.succeed(0);
}

} // namespace fake_win32
