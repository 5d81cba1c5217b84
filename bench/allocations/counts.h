/* SPDX-License-Identifier: MIT
 *
 * What the counting library keeps in the file that BENCH_ALLOCATIONS names. All of it is changed and read atomically.
 */

#ifndef BENCH_ALLOCATIONS_COUNTS_H
#define BENCH_ALLOCATIONS_COUNTS_H

#include <stdint.h>

typedef struct allocation_counts {
    uint64_t allocations; /* calls that have allocated, so far */
    uint64_t bytes;       /* bytes that are allocated now, as malloc_usable_size has them */
} allocation_counts;

#endif
