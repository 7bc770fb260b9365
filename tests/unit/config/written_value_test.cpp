#include "config/written_value.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "config/env_file.hpp"
#include "support/temp_dir.hpp"

namespace falaj::config {
namespace {

class WrittenTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(dir_ / name, std::ios::binary) << bytes;
  }
  Result<Loaded> load_with(const std::map<std::string, std::string>& environment = {}) {
    return load(dir_.path().string(), (dir_ / "elsewhere").string(), environment);
  }
  Settings settings(const std::map<std::string, std::string>& environment = {}) {
    auto loaded = load_with(environment);
    EXPECT_TRUE(loaded.ok()) << loaded.error().to_text();
    return loaded.ok() ? loaded->settings : Settings();
  }
  Error refusal(const std::map<std::string, std::string>& environment = {}) {
    auto loaded = load_with(environment);
    EXPECT_FALSE(loaded.ok());
    return loaded.ok() ? Error(ErrorKind::kBug, "taken") : loaded.error();
  }
  test::TempDir dir_;
};

TEST_F(WrittenTest, AnEnvFileOfAnyEditorIsRead) {
  write(".env",
        "\xEF\xBB\xBF# of the shop\r\n"
        "export\tSALLA_API_TOKEN = \"Bearer tok#en\"   # until May\r\n"
        "SALLA_API_BASE_URL=https://api.example/admin/v2/ # the proxy\r\n"
        "LOG_LEVEL='Info'\r\n"
        "API_TIMEOUT=1m30s # patient\r\n"
        "SALLA_CLIENT_SECRET=a#b\r\n"
        "SALLA_CLIENT_ID= # not yet\r\n"
        "SALLA_WEBHOOK_SECRET=\"a \\\"quoted\\\" # one\"\r\n"
        "OTHER=\r\n");
  const auto read = settings();
  EXPECT_EQ(read.api_token.expose(), "tok#en");
  EXPECT_EQ(read.api_base_url, "https://api.example/admin/v2");
  EXPECT_EQ(read.log_level, "info");
  EXPECT_DOUBLE_EQ(read.timeout_secs, 90);
  EXPECT_EQ(read.client_secret.expose(), "a#b");
  EXPECT_TRUE(read.client_id.empty());
  EXPECT_EQ(read.webhook_secret.expose(), "a \"quoted\" # one");
}

TEST_F(WrittenTest, ATomlFileOfAnyEditorIsRead) {
  write("falaj.toml",
        "\xEF\xBB\xBF[salla]\r\napi_base_url = \" https://api.example/v2// \" # ours\r\n"
        "[landing]\r\nretention_hours = \"2d\"\r\n[extract]\r\npage_size = \"30\"\r\n"
        "reread_days = \"1w\"\r\n[warehouse]\r\ntype = \"DuckDB\"\r\nrefresh_secs = \"1h30m\"\r\n"
        "[webhooks]\r\npath = \"/salla/\"\r\naddress = \"http://0.0.0.0/\"\r\n");
  const auto read = settings();
  EXPECT_EQ(read.api_base_url, "https://api.example/v2");
  EXPECT_EQ(read.retention_hours, 48);
  EXPECT_EQ(read.page_size, 30);
  EXPECT_EQ(read.reread_days, 7);
  EXPECT_EQ(read.warehouse_type, "duckdb");
  EXPECT_EQ(read.refresh_secs, 5400);
  EXPECT_EQ(read.webhooks_path, "/salla");
  EXPECT_EQ(read.webhooks_address, "0.0.0.0");
}

TEST_F(WrittenTest, AVariableMayHaveWhatDockerLeavesOnIt) {
  const auto read = settings({{"SALLA_API_TOKEN", "\"Bearer abc\"\r"},
                              {"SALLA_API_BASE_URL", "'https://api.example/v2/'"},
                              {"API_BATCH_SIZE", " 20 "},
                              {"FALAJ_WAREHOUSE_TYPE", "  "},
                              {"SNOWFLAKE_PASSWORD", " as it is \""}});
  EXPECT_EQ(read.api_token.expose(), "abc");
  EXPECT_EQ(read.api_base_url, "https://api.example/v2");
  EXPECT_EQ(read.page_size, 20);
  EXPECT_EQ(read.warehouse_type, "ducklake") << "blanks alone are not set";
  EXPECT_EQ(read.snowflake_password.expose(), " as it is \"");
}

TEST_F(WrittenTest, ATokenThatNoHeaderCarriesIs78AndNotShown) {
  for (const std::string token : {"very\nX-Evil: secret", "very secret", "very\x01secret"}) {
    const auto error = refusal({{"SALLA_API_TOKEN", token}});
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidConfig);
    EXPECT_NE(error.to_text().find("SALLA_API_TOKEN"), std::string::npos) << error.to_text();
    EXPECT_EQ(error.to_text().find("secret"), std::string::npos) << error.to_text();
    EXPECT_EQ(error.to_text().find("very"), std::string::npos) << error.to_text();
  }
  const auto secret = refusal({{"SALLA_CLIENT_SECRET", "hush\nhush"}});
  EXPECT_EQ(secret.to_text().find("hush"), std::string::npos) << secret.to_text();
}

TEST_F(WrittenTest, AnAddressIsOneWordWithoutAQuery) {
  for (const char* url :
       {"https://api.example/v2?x=1", "https://api example/v2", "https://api.example/v2#a"}) {
    EXPECT_NE(refusal({{"SALLA_API_BASE_URL", url}}).to_text().find("SALLA_API_BASE_URL"),
              std::string::npos);
  }
}

TEST_F(WrittenTest, ADurationMustFitTheUnit) {
  write("falaj.toml", "[landing]\nretention_hours = \"90m\"\n");
  EXPECT_NE(refusal().to_text().find("whole number"), std::string::npos) << refusal().to_text();
  write("falaj.toml", "[landing]\npackage_mb_max = \"2h\"\n");
  EXPECT_EQ(refusal().to_text().find("duration"), std::string::npos) << "it is no time";
  write("falaj.toml", "[extract]\ntimeout_secs = \"2d\"\n");
  EXPECT_NE(refusal().to_text().find("3600"), std::string::npos) << "the range holds";
}

TEST_F(WrittenTest, AKeyInPemMayGoOverLines) {
  write(".env",
        "SNOWFLAKE_PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\r\nAbc\r\n-----END PRIVATE "
        "KEY-----\"\r\nLOG_LEVEL=error\r\n");
  const auto read = settings();
  EXPECT_EQ(read.snowflake_private_key.expose(),
            "-----BEGIN PRIVATE KEY-----\nAbc\n-----END PRIVATE KEY-----");
  EXPECT_EQ(read.log_level, "error");
}

TEST_F(WrittenTest, AQuoteThatIsNotClosedNamesItsLineAndNoValue) {
  for (const char* line : {"SALLA_API_TOKEN=\"hidden\n", "SALLA_API_TOKEN=\"hid\"den\n"}) {
    write(".env", std::string("# first\n") + line + "LOG_LEVEL=\"error\"\n");
    const auto error = refusal();
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidConfig);
    EXPECT_NE(error.to_text().find("line 2"), std::string::npos) << error.to_text();
    EXPECT_EQ(error.to_text().find("hid"), std::string::npos) << error.to_text();
  }
}

TEST_F(WrittenTest, AFolderCalledEnvIsNoFile) {
  std::filesystem::create_directories(dir_ / ".env");
  EXPECT_EQ(settings().page_size, 60);
}

}  // namespace
}  // namespace falaj::config
