// docs/cli.md has the reference as the declarations make it.
#include "cli/reference.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "cli/program.hpp"
#include "operate/operations/table.hpp"
#include "support/temp_dir.hpp"

namespace falaj::cli {
namespace {

TEST(Reference, TheDocumentHasWhatTheDeclarationsMake) {
  const auto document =
      test::read_text_file(std::filesystem::path(FALAJ_SOURCE_DIR) / "docs" / "cli.md");
  const auto made = with_reference(registry_of(operate::operations::all({})), document);
  ASSERT_TRUE(made.ok()) << made.error().to_text();
  EXPECT_TRUE(*made == document) << "docs/cli.md is not what the commands declare: make reference";
}

TEST(Reference, OnlyTheMarkedPartsOfADocumentAreMadeAgain) {
  const auto registry = registry_of(operate::operations::all({}));
  const auto both = reference(registry);
  const auto middle = both.find("\n\n<!-- reference") + 1;
  const auto document =
      "# Ours\n" + both.substr(0, middle) + "between\n" + both.substr(middle) + "behind\n";
  auto old = document;
  old.replace(old.find("| `run` |"), 9, "| `rnu` |");
  const auto made = with_reference(registry, old);
  ASSERT_TRUE(made.ok()) << made.error().to_text();
  EXPECT_EQ(*made, document);
  const auto lacking = with_reference(registry, "# Ours\n");
  ASSERT_FALSE(lacking.ok());
  EXPECT_NE(lacking.error().message().find("has no line \"<!-- commands"), std::string::npos);
}

}  // namespace
}  // namespace falaj::cli
