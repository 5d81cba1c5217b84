// SPDX-License-Identifier: MIT

#include "linux/system/library_thread.hpp"

#include <atomic>
#include <cstdint>

#include "common/diagnostics/forked_child.hpp"
#include "linux/system/processors.hpp"
#include "linux/system/thread_signals.hpp"

namespace async_socket::detail {

namespace {

// The threads that were started and have not ended. Any thread; relaxed: read in a child, which has one thread.
constinit std::atomic<std::uint32_t> thread_count{0};

// The C library unloads nothing that has thread-local objects with destructors to run, and it runs those when `main`
// has returned. So it is the destructor that is wanted here, on every thread of the library, and not what it does.
// SRS_EXECUTION_ENGINE_LINUX_01_033
struct presence {
    // Any use of it makes it, and so has the destructor run at the end of the thread.
    void begin() const noexcept {}

    ~presence() { thread_count.fetch_sub(1, std::memory_order_relaxed); }
};
thread_local presence own_presence;

// SRS_EXECUTION_ENGINE_LINUX_01_030
void in_the_child() noexcept
{
    if (thread_count.load(std::memory_order_relaxed) != 0) {
        is_forked_child.store(true, std::memory_order_relaxed);
    }
}

// Any thread; relaxed: to register twice does no harm.
constinit std::atomic<bool> is_registered{false};

// 0, or the error.
int look_out_for_forks() noexcept
{
    if (is_registered.load(std::memory_order_relaxed)) {
        return 0;
    }
    const int error = pthread_atfork(nullptr, nullptr, in_the_child);
    if (error == 0) {
        is_registered.store(true, std::memory_order_relaxed);
    }
    return error;
}

// The attributes of a thread that may use more than the one that starts it.
class thread_attributes {
public:
    // SRS_EXECUTION_ENGINE_LINUX_01_032
    thread_attributes() noexcept
    {
        const cpu_set_t* const wanted = processors_before_staying();
        if (wanted != nullptr && pthread_attr_init(&attributes_) == 0) {
            is_in_use_ = true;
            // Without it the thread does its work, too.
            static_cast<void>(pthread_attr_setaffinity_np(&attributes_, sizeof *wanted, wanted));
        }
    }
    ~thread_attributes()
    {
        if (is_in_use_) {
            pthread_attr_destroy(&attributes_);
        }
    }
    thread_attributes(const thread_attributes&) = delete;
    thread_attributes& operator=(const thread_attributes&) = delete;

    [[nodiscard]] const pthread_attr_t* get() const noexcept { return is_in_use_ ? &attributes_ : nullptr; }

private:
    pthread_attr_t attributes_{};
    bool is_in_use_ = false;
};

} // namespace

int start_library_thread(pthread_t& started, void* (*main)(void*), void* argument) noexcept
{
    if (const int error = look_out_for_forks(); error != 0) {
        return error;
    }
    const thread_attributes attributes;
    const signals_blocked blocked;
    thread_count.fetch_add(1, std::memory_order_relaxed);
    const int error = pthread_create(&started, attributes.get(), main, argument);
    if (error != 0) {
        thread_count.fetch_sub(1, std::memory_order_relaxed);
    }
    return error;
}

void library_thread_begins() noexcept
{
    own_presence.begin();
}

} // namespace async_socket::detail
