# SPDX-License-Identifier: Apache-2.0
# One .ts per language; English holds plural forms alone. The compiled files are resources of sfumato_ui under :/i18n.
set(sfumato_ts_files "${PROJECT_SOURCE_DIR}/translations/sfumato_de.ts" "${PROJECT_SOURCE_DIR}/translations/sfumato_en.ts")

qt_add_lrelease(sfumato_ui TS_FILES ${sfumato_ts_files} QM_FILES_OUTPUT_VARIABLE sfumato_qm_files)
qt_add_resources(sfumato_ui "sfumato_translations" PREFIX "/i18n" BASE "${CMAKE_CURRENT_BINARY_DIR}" FILES ${sfumato_qm_files})
