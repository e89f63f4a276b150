// Empty: the source that the precompiled headers of the test programs are made beside.
// SPDX-License-Identifier: Apache-2.0
