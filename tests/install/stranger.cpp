// SPDX-License-Identifier: MIT

#include "stranger.c" // NOLINT(bugprone-suspicious-include): the same program, as C++
