// SPDX-License-Identifier: MIT
//
// A thread of the world.

#ifndef ASYNC_SOCKET_TESTS_SIM_THREAD_H
#define ASYNC_SOCKET_TESTS_SIM_THREAD_H

#include <cerrno>

#include <semaphore.h>

#include "world/scheduler.h"

namespace sim {

struct thread {
    thread(scheduler& whose, int own_number) : owner(whose), number(own_number) { sem_init(&baton, 0, 0); }
    ~thread() { sem_destroy(&baton); }
    thread(const thread&) = delete;
    thread& operator=(const thread&) = delete;

    void take_baton()
    {
        while (sem_wait(&baton) != 0 && errno == EINTR) {
        }
    }

    scheduler& owner;
    const int number;
    sem_t baton{};
    pthread_t handle{};
    void* (*main)(void*) = nullptr;
    void* argument = nullptr;
    bool has_ended = false;
    int priority = 0;
    // Where it sleeps: until when and what for.
    const scheduler::predicate* condition = nullptr;
    time_point until = forever;
    const char* waits_for = nullptr;
    time_point slept = 0;
};

} // namespace sim

#endif
