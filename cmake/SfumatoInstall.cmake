# SPDX-License-Identifier: Apache-2.0
# Where the programs, the engine module and the data go, and the archive and Debian package made of them.

set(CPACK_PACKAGE_NAME sfumato)
set(CPACK_PACKAGE_VENDOR "Sfumato")
set(CPACK_GENERATOR TGZ)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
include(CPack)
