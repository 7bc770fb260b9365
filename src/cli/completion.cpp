#include "cli/completion.hpp"

namespace falaj::cli {
namespace {

const operate::Described<CompletionScript>& completion_shape() {
  static const auto kShape = operate::Described<CompletionScript>("completion")
                                 .field("shell", &CompletionScript::shell, "whose script it is")
                                 .field("script", &CompletionScript::script, "to be sourced");
  return kShape;
}

std::string script_of(const operate::Registry& registry, const std::string& shell) {
  if (shell == "bash") return bash_completion(registry);
  return shell == "zsh" ? zsh_completion(registry) : fish_completion(registry);
}

}  // namespace

operate::Operation completion_operation() {
  return {.name = "completion",
          .group = operate::Group::kProgram,
          .help = "a script that completes the command line in bash, zsh or fish",
          .details =
              "bash: source <(falaj completion bash), in ~/.bashrc or once a shell. zsh: falaj "
              "completion zsh > \"${fpath[1]}/_falaj\". fish: falaj completion fish > "
              "~/.config/fish/completions/falaj.fish.",
          .examples = {"source <(falaj completion bash)"},
          .options = {{.name = "SHELL",
                       .help = "bash, zsh or fish",
                       .words = {"bash", "zsh", "fish"},
                       .is_required = true,
                       .is_positional = true}},
          .touches = {},
          .home_use = operate::HomeUse::kNone,
          .report = one_of(completion_shape()),
          .run = [](const operate::Context& context,
                    const operate::Request& request) -> Result<operate::Report> {
            const auto shell = request.text("SHELL");
            return operate::Report::of(CompletionScript{shell, script_of(context.registry, shell)},
                                       completion_shape());
          }};
}

}  // namespace falaj::cli
