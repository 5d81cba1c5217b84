// SPDX-License-Identifier: MIT
//
// The account of blocks that are allocated.

#ifndef LINUX_FAULTS_MEMORY_H
#define LINUX_FAULTS_MEMORY_H

namespace linux_faults {

void note_allocated(void* block);
void note_deleted(void* block);

} // namespace linux_faults

#endif
