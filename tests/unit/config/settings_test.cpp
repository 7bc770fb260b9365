#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "config/property.hpp"
#include "support/temp_dir.hpp"

namespace falaj::config {
namespace {

class SettingsTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }
  Result<Loaded> load_with(const std::map<std::string, std::string>& environment = {}) {
    return load(dir_.path().string(), (dir_ / "elsewhere").string(), environment);
  }
  std::string refusal(const std::string& toml) {
    write("falaj.toml", toml);
    const auto loaded = load_with();
    EXPECT_FALSE(loaded.ok()) << toml;
    if (loaded.ok()) return "";
    EXPECT_EQ(loaded.error().kind(), ErrorKind::kInvalidConfig);
    return loaded.error().to_text();
  }
  test::TempDir dir_;
};

const SettingInfo& info(const Loaded& loaded, const std::string& name) {
  for (const auto& one : loaded.all) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << name;
  return loaded.all.front();
}

TEST_F(SettingsTest, WithoutAnyFileEverySettingHasItsDefault) {
  const auto loaded = load_with();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  EXPECT_EQ(loaded->settings.api_base_url, "https://api.salla.dev/admin/v2");
  EXPECT_EQ(loaded->settings.page_size, 60);
  EXPECT_EQ(loaded->settings.warehouse_type, "ducklake");
  EXPECT_TRUE(loaded->settings.api_token.empty());
  for (const auto& one : loaded->all) EXPECT_EQ(one.origin, "default") << one.name;
}

TEST_F(SettingsTest, TheLaterSourceWins) {
  write("falaj.toml", "[extract]\npage_size = 30\nmax_retries = 7\n\n[log]\nlevel = \"info\"\n");
  write(".env", "# comment\nexport API_BATCH_SIZE=20\nSALLA_API_TOKEN=\"from-env-file\"\n");
  const auto loaded = load_with({{"SALLA_API_TOKEN", "from-environment"}, {"LOG_LEVEL", "debug"}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  EXPECT_EQ(loaded->settings.max_retries, 7);
  EXPECT_EQ(loaded->settings.page_size, 20);
  EXPECT_EQ(loaded->settings.log_level, "debug");
  EXPECT_EQ(loaded->settings.api_token.expose(), "from-environment");
  EXPECT_EQ(info(*loaded, "extract.max_retries").origin, "falaj.toml:3");
  EXPECT_NE(info(*loaded, "extract.page_size").origin.find(".env"), std::string::npos);
  EXPECT_EQ(info(*loaded, "log.level").origin, "environment");
}

TEST_F(SettingsTest, ASecretIsNeverShown) {
  const auto loaded = load_with({{"SALLA_API_TOKEN", "very-secret-token"}});
  ASSERT_TRUE(loaded.ok());
  for (const auto& one : loaded->all) {
    EXPECT_EQ(one.value.find("very-secret"), std::string::npos) << one.name;
  }
}

TEST_F(SettingsTest, ErrorsNameFileLineColumnAndWhatIsAccepted) {
  auto text = refusal("[warehouse]\ntype = \"oracle\"\n");
  for (const auto* part : {"falaj.toml", "line 2", "column", "oracle", "ducklake", "duckdb"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << ": " << text;
  }
  text = refusal("[extract]\npage_size = \"many\"\n");
  EXPECT_NE(text.find("line 2"), std::string::npos) << text;
  text = refusal("[extract]\npage_size = 0\n");
  EXPECT_NE(text.find("100000"), std::string::npos) << "the range: " << text;
  text = refusal("[extract]\npage_sise = 3\n");
  EXPECT_NE(text.find("page_size"), std::string::npos) << "did you mean: " << text;
  text = refusal("[extract\npage_size = 3\n");
  EXPECT_NE(text.find("line 1"), std::string::npos) << text;
  text = refusal("salla = 3\n");
  EXPECT_NE(text.find("falaj.toml"), std::string::npos) << text;
}

TEST_F(SettingsTest, AMalformedEnvironmentValueNamesTheVariable) {
  const auto loaded = load_with({{"API_MAX_RETRIES", "-3"}});
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().to_text().find("API_MAX_RETRIES"), std::string::npos)
      << loaded.error().to_text();
  write(".env", "SALLA_API_TOKEN=good\nnot an assignment\n");
  const auto broken = load_with();
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(broken.error().to_text().find("line 2"), std::string::npos);
}

TEST_F(SettingsTest, TheDefaultFileIsReadBackAsTheDefaults) {
  // Each setting with its # taken away.
  std::string text = default_file();
  std::string active;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool is_setting = line.starts_with("# ") && line.find(" = ") != std::string::npos;
    active += (is_setting ? line.substr(2) : line) + "\n";
  }
  write("falaj.toml", active);
  const auto loaded = load_with();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  size_t from_file = 0;
  for (const auto& one : loaded->all) from_file += one.origin.starts_with("falaj.toml") ? 1 : 0;
  const auto in_file = std::count_if(properties().begin(), properties().end(),
                                     [](const auto& one) { return *one.name != '\0'; });
  EXPECT_EQ(from_file, static_cast<size_t>(in_file));
  for (const auto& one : properties())
    EXPECT_TRUE(!one.is_secret || *one.name == '\0')
        << "secrets are in no file: " << one.environment;
  EXPECT_EQ(loaded->settings.page_size, 60);
}

TEST_F(SettingsTest, ATokenInTheFileIsRefused) {
  const auto text = refusal("[salla]\napi_token = \"abc\"\n");
  EXPECT_EQ(text.find("abc"), std::string::npos) << "not repeated: " << text;
}

}  // namespace
}  // namespace falaj::config
