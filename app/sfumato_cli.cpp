// sfumato-cli: the engine without a window.
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_line.h"

int main(int argc, char** argv)
{
    return sfumato::app::runCommandLine(argc, argv);
}
