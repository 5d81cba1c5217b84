// SPDX-License-Identifier: MIT
//
// Performs a program: makes its calls, tells the oracle of them, and does what its callbacks are to do.

#ifndef ASYNC_SOCKET_TESTS_SIM_PERFORMANCE_H
#define ASYNC_SOCKET_TESTS_SIM_PERFORMANCE_H

#include <map>
#include <memory>

#include "async_socket/execution_engine.h"

#include "oracle/oracle.h"
#include "program/action.h"
#include "world/remote.h"
#include "world/world.h"

namespace sim {

class performance {
public:
    performance(world& played_in, oracle& judge, const program& played);

    // All of it, from the engine's beginning to its end.
    void run();

private:
    void begin();
    void end();
    void end_sockets();
    void drop_engine_in_callback();

    // `inside` is the socket whose callback does it; nullptr: the program's own thread, or a callback of the engine.
    void perform_all(const std::vector<action>& actions, socket_record* inside);
    void perform(const action& performed, socket_record* inside);
    void perform_on_socket(const action& performed, socket_record& socket, socket_record* inside);
    void perform_on_peer(const action& performed, socket_record& socket);
    void perform_on_system(const action& performed);

    [[nodiscard]] socket_record* pick(const action& performed);
    [[nodiscard]] bool has_accepts(const action& performed) const;
    operation_record& prepare(const action& performed, socket_record* socket, bool says_how);
    void prepare_memory(operation_record& prepared, const action& performed);

    void send(const action& performed, socket_record& socket);
    void receive(const action& performed, socket_record& socket);
    void shut_down(const action& performed, socket_record& socket);
    void delay(const action& performed, socket_record& socket);
    void notify(const action& performed, socket_record& socket);
    void cancel(const action& performed, socket_record& socket, bool waits);
    socket_record* socket_to_connect(const action& performed);
    void connect(const action& performed);
    void accept(const action& performed);
    static void pass_nothing();
    void delay_engine(const action& performed);

    void close(socket_record& socket, verb how);
    void release(socket_record& socket);
    void close_in_background(socket_record& socket, const action* performed);
    void destroy(socket_record& socket);
    // Whether another thread is inside a call of it, so that the handle is not to be given back.
    [[nodiscard]] static bool is_in_use(const socket_record& socket);

    socket_record& adopt(int descriptor);
    void open(socket_record& socket);
    void client_arrives();
    remote& play(std::shared_ptr<endpoint> own);
    [[nodiscard]] remote* peer_of(const endpoint& own);

    void ended(operation_record& operation, int result, int system_error, std::uint32_t bytes);
    void accepted(operation_record& operation, SOCKET_TRANSPORT_HANDLE transport);
    void connected(operation_record& operation, int result);

    // In place of the system's send and receive.
    bool would_block_anyway(socket_record& socket);
    bool goes_on_with(socket_record& socket, const operation_record& first);
    const operation_record& operation_of(const socket_record& socket, const void* memory) const;
    static int send_itself(void* context, ASYNC_SOCKET_HANDLE handle, const void* data, std::size_t length);
    static int receive_itself(void* context, ASYNC_SOCKET_HANDLE handle, void* data, std::size_t length);

    static void on_message(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context);
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result);
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes);
    static void on_notified(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT result);
    static void on_complete(void* context, const ASYNC_COMPLETION* completion);
    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE transport);
    static void on_last_delay(void* context, const ASYNC_COMPLETION* completion);
    static void on_closed(void* context);
    static void on_opened(void* context, ASYNC_SOCKET_OPEN_RESULT result);

    world& world_;
    oracle& oracle_;
    const program& program_;
    EXECUTION_ENGINE_HANDLE engine_ = nullptr;
    socket_record* listener_ = nullptr;
    std::uint16_t port_ = 0;           // where the library listens
    std::shared_ptr<endpoint> server_; // where it may connect to
    std::uint16_t nobodys_port_ = 0;
    std::map<const endpoint*, std::unique_ptr<remote>> remotes_;
    std::vector<int> released_; // descriptors that are the program's
    bool is_ending_ = false;
};

} // namespace sim

#endif
