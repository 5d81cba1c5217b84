// SPDX-License-Identifier: MIT
//
// Failures of the system on demand. The linker puts these wrappers in the place of the system calls of every object of
// a program that links the library linux_faults; without a plan they only count.
//
// Plans are for all threads, since the code under test runs on threads of its own. What a test does for itself it does
// in the scope of an `exempt`, where calls are neither counted nor touched.
//
// Plans are made while no other thread is inside a call that they are about, or it will meet them sooner or later.
// Their state is atomic, and relaxed: the wrappers order nothing that the code under test does not order itself, so
// they hide no race.

#ifndef LINUX_FAULTS_FAULTS_H
#define LINUX_FAULTS_FAULTS_H

#include <cstddef>
#include <vector>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

namespace linux_faults {

enum class api : std::size_t {
    socket,
    connect,
    bind,
    listen,
    accept4,
    getsockopt,
    setsockopt,
    getsockname,
    getpeername,
    shutdown,
    send,
    recv,
    sendmsg,
    recvmsg,
    poll,
    eventfd,
    fcntl,
    read,
    write,
    close, // the descriptor is closed even where the call is made to fail, as it is by the system
    getaddrinfo,
    pthread_create,
    sched_getaffinity,
    epoll_create1,
    epoll_ctl,
    epoll_wait,
    io_uring_queue_init_params,
    io_uring_submit,
    io_uring_submit_and_wait,
    io_uring_submit_and_wait_timeout,
    io_uring_submit_and_get_events,
    io_uring_get_events,
    io_uring_transfer, // not a call: the sends and receives that are submitted; they can be cut short only
    operator_new,      // the ones that throw nothing; they fail with nullptr
    count_of_apis
};

inline constexpr std::size_t api_count = static_cast<std::size_t>(api::count_of_apis);

const char* name_of(api which);

// The nth call from now on (1: the next) fails with `error`: a value of errno, or what getaddrinfo returns. (EAI_SYSTEM
// comes with the errno EMFILE.)
void fail_nth(api which, std::size_t nth, int error);
// The nth call from now on and all that follow.
void fail_from(api which, std::size_t nth, int error);

// Every other call of each thread fails with EINTR, beginning with the next, before it has done anything.
void interrupt(api which);
// The same, but the call does what it has to do before it says so. For connect, and for the timid.
void interrupt_after(api which);
// interrupt for all that signal(7) says can be interrupted and for getaddrinfo; close is interrupted after.
void interrupt_everything();

// A transfer moves this many bytes at most. For send, recv, sendmsg, recvmsg and io_uring_transfer.
void cut_short(api which, std::size_t bytes = 1);

// Every transfer moves nothing, and says that it has. For send and recv.
void take_nothing(api which);

// Called in the place of the system call, in the scope of an `exempt`.
void replace_connect(int (*replacement)(int socket, const sockaddr* address, socklen_t length));
void replace_getsockname(int (*replacement)(int socket, sockaddr* address, socklen_t* length));
void replace_poll(int (*replacement)(pollfd* entries, nfds_t count, int timeout_ms));
void replace_write(ssize_t (*replacement)(int descriptor, const void* data, std::size_t length));
void replace_getaddrinfo(int (*replacement)(const char* host, const char* service, const addrinfo* hints,
                                            addrinfo** result));

// Forgets all plans and counts.
void reset();

// Since the plan for it was made, or since reset.
std::size_t calls(api which);
// How many calls have failed because they were to, interruptions apart.
std::size_t failures(api which);
std::size_t interruptions(api which);

// How many calls were made on descriptors that are not open: a sure sign of one that was closed too early or twice.
std::size_t calls_on_bad_descriptors();

// Blocks from the operators new that throw nothing which were not deleted. Not known, and 0, under ThreadSanitizer,
// from which the account would hide races.
std::size_t live_allocations();

class exempt {
public:
    exempt();
    ~exempt();
    exempt(const exempt&) = delete;
    exempt& operator=(const exempt&) = delete;
};

// The errors that the manual lists for the call and that are no mistake of the caller's, EINTR and EAGAIN apart.
const std::vector<int>& errors_of(api which);

// No plan and no count outlives its scope.
struct clean_scope {
    clean_scope() { reset(); }
    ~clean_scope() { reset(); }
    clean_scope(const clean_scope&) = delete;
    clean_scope& operator=(const clean_scope&) = delete;
};

// The number of descriptors that the process has open.
std::size_t open_descriptors();

} // namespace linux_faults

#endif
