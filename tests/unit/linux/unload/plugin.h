// SPDX-License-Identifier: MIT
//
// What the plug-in, which has the library in it, does for the program that loads it.

#ifndef ASYNC_SOCKET_TESTS_UNIT_LINUX_UNLOAD_PLUGIN_H
#define ASYNC_SOCKET_TESTS_UNIT_LINUX_UNLOAD_PLUGIN_H

// Each makes an engine, does something with it, and has released all when it returns. `meanwhile` is called at the
// place that is of interest.
using plugin_function = void (*)(void (*meanwhile)());

// use_and_release: by the calling thread, when the engine has done something.
// give_up_a_connect: by the calling thread, when a connect to the name "silent" is under way, which is then given up.
// drop_in_callback: by a thread of the engine, whose callback has just dropped the last reference; another thread has
// returned from drop_in_callback by then, or is about to.

#endif
