// What a stranger's bytes go through when they arrive as a webhook, for fuzzing: signature,
// envelope, rules, redaction, decoding, and the inbox's own form.
// Shape:    aborts (sanitizers, FALAJ_CHECK) when something is wrong; says nothing otherwise.
// Threads:  confined to one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace falaj::fuzz {

void fuzz_webhook(std::string_view bytes);

// Events of every documented shape, to begin from.
std::vector<std::string> webhook_seeds();

}  // namespace falaj::fuzz
