// SPDX-License-Identifier: MIT

#ifndef LINUX_FAULTS_REPLACEMENTS_H
#define LINUX_FAULTS_REPLACEMENTS_H

namespace linux_faults {

void forget_replacements();

} // namespace linux_faults

#endif
