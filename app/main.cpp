// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

int main(int argc, char** argv)
{
    sfumato::Application application(argc, argv);
    return application.run([]() -> sfumato::Result<std::unique_ptr<sfumato::engine::Engine>> {
        return sfumato::Error{sfumato::ErrorCode::UnsupportedModel, "This program was built without the engine, so it can paint and edit but not generate.", {}};
    });
}
