// SPDX-License-Identifier: MIT
//
// Unloading a plug-in with the library in it, while threads of the library are not through.

#include <cstddef>
#include <memory>
#include <thread>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include "linux_support/engines.h"
#include "support/event.h"

#include "plugin.h"

namespace {

struct events {
    contract::event happens; // what is of interest
    contract::event may_go_on;
};

std::unique_ptr<events> current;

void say_and_wait()
{
    current->happens.set();
    EXPECT_TRUE(current->may_go_on.wait());
}

} // namespace

// In the place of the system's, for the plug-in, too.
extern "C" int getaddrinfo(const char*, const char*, const addrinfo* hints, addrinfo**)
{
    if ((hints->ai_flags & AI_NUMERICHOST) != 0) {
        return EAI_NONAME;
    }
    say_and_wait();
    return EAI_AGAIN;
}

namespace linux_tests {
namespace {

class unload : public ::testing::Test {
protected:
    unload() { current = std::make_unique<events>(); }

    // On a thread of its own, for one that has called the library keeps it in memory.
    void load_and_call(const char* name, void (*meanwhile)())
    {
        plugin_ = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(plugin_, nullptr) << dlerror();
        const auto function = reinterpret_cast<plugin_function>(dlsym(plugin_, name));
        ASSERT_NE(function, nullptr) << dlerror();
        std::thread caller(function, meanwhile);
        caller.join();
    }
    void unload_it() { EXPECT_EQ(dlclose(plugin_), 0); }
    // In the end: a thread of the library that drops the last reference itself, at the end of a callback, keeps it in
    // memory for that moment.
    [[nodiscard]] static bool is_gone()
    {
        return wait_until([] {
            void* const still_there = dlopen(PLUGIN, RTLD_NOW | RTLD_NOLOAD);
            if (still_there != nullptr) {
                dlclose(still_there);
            }
            return still_there == nullptr;
        });
    }
    [[nodiscard]] bool are_threads_through() const
    {
        return wait_until([this] { return threads_of_process() == threads_before_; });
    }

private:
    const std::size_t threads_before_ = threads_of_process();
    void* plugin_ = nullptr;
};

// What the others are worth: it does go where nothing keeps it.
TEST_F(unload, in_order_takes_the_library_out_of_memory)
{
    load_and_call("use_and_release", [] {});
    unload_it();
    EXPECT_TRUE(is_gone());
}

// SRS_EXECUTION_ENGINE_LINUX_01_033
TEST_F(unload, waits_for_a_thread_that_asks_the_systems_resolver)
{
    load_and_call("give_up_a_connect", [] { EXPECT_TRUE(current->happens.wait()); });
    unload_it();
    current->may_go_on.set();
    EXPECT_TRUE(are_threads_through());
}

// SRS_EXECUTION_ENGINE_LINUX_01_033
TEST_F(unload, waits_for_a_thread_of_an_engine_that_was_dropped_in_its_callback)
{
    load_and_call("drop_in_callback", say_and_wait);
    EXPECT_TRUE(current->happens.wait());
    unload_it();
    current->may_go_on.set();
    EXPECT_TRUE(are_threads_through());
}

} // namespace
} // namespace linux_tests
