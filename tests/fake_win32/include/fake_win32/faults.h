// SPDX-License-Identifier: MIT
//
// Failures on demand: of a Win32 call, of any Win32 call, of an allocation.

#ifndef FAKE_WIN32_FAULTS_H
#define FAKE_WIN32_FAULTS_H

#include <cstddef>

#include "fake_win32/calls.h"

namespace fake_win32 {

// The nth call of `function` from now on (1: the next) fails with `error`, which is the last error, or the result where
// the function returns its error. Several may be armed.
void fail_call(api function, std::size_t nth, DWORD error);
void fail_call(api function, std::size_t nth = 1); // with the error that Windows would most likely give

// Every call of `function` fails from now on.
void fail_every_call(api function, DWORD error);

// The nth call from now on of any function that may fail in normal operation fails with its usual error. Calls that
// give something back (CloseHandle, closesocket, CancelIoEx ...) are not counted: they fail for wrong programs only.
void fail_nth_fallible_call(std::size_t nth);

// The nth operator new(std::nothrow) from now on returns nullptr. The library under test allocates in no other way;
// tests and test framework do not use it.
void fail_nth_allocation(std::size_t nth);

// Every call of `function` takes until release_calls(): a slow system, so that a test can look at what others do
// meanwhile. wait_for_calls() says when a call has got there.
void stall_calls(api function);
void release_calls();

// Whether anything that was armed has failed since the last clear_faults(). Disarms all.
bool clear_faults();

} // namespace fake_win32

#endif
