// A catalogue.toml in the home: its streams and columns arrive in BRONZE, a mistake in it stops the
// run before anything is asked for.
#include <gtest/gtest.h>

#include <fstream>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

constexpr const char* kCatalogue = R"([streams.sizes]
path = "/products/{parent}/variants"
parent = "products"
scope = "products.read"
columns = [["sku", "text", "sku"], ["price", "money", "price"]]

[streams.light_products]
path = "/products?format=light"
paging = "opaque_cursor"
columns = [["name", "text", "name"]]

[streams.wishes]
path = "/wishes"
paging = "pages"
columns = [["name", "text", "name"]]

[streams.customers]
columns = [["avatar", "text", "avatar"]]
)";

class Catalogue : public testing::Test {
 protected:
  Catalogue()
      : store_({"--seed", "9", "--orders", "60", "--customers", "70", "--products", "65", "--plan",
                "unlimited", "--orders-shape", "expanded"}),
        falaj_(dir_ / "home", store_.base_url()) {
    falaj_.run({"init"});
  }
  void write(const std::string& text) { std::ofstream(dir_ / "home/catalogue.toml") << text; }

  TempDir dir_;
  SimStore store_;
  Falaj falaj_;
};

TEST_F(Catalogue, StreamsAndColumnsOfAFileArriveInBronze) {
  falaj_.run_ok();
  write(kCatalogue);
  const auto report = falaj_.run_ok();
  EXPECT_NE(report.dump().find("wishes: the store has no /wishes (404)"), std::string::npos);
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_light_products"), "65");
  EXPECT_NE(falaj_.value("SELECT COUNT(price) FROM BRONZE.bronze_sizes"), "0");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_wishes"), "0");
  // A column of a payload that is there already comes with its next version.
  EXPECT_EQ(falaj_.value("SELECT COUNT(avatar) FROM BRONZE.bronze_customers"), "0");
  EXPECT_EQ(falaj_.run_ok()["rows_loaded"].as_int(-1), 0);
  expect_gold_equals_truth(falaj_, store_);
}

TEST_F(Catalogue, AMistakeIsShownWithItsLineBeforeAnythingIsAskedFor) {
  write(std::string(kCatalogue) + "\n[streams.tags]\npath = \"/tags\"\npaging = \"page\"\n");
  const auto asked = store_.requests();
  for (const auto* command : {"check", "run"}) {
    const auto finished = falaj_.run({command});
    EXPECT_EQ(finished.status, 78) << command;
    const auto text = finished.out + finished.err;
    EXPECT_NE(text.find("catalogue.toml, line 22"), std::string::npos) << text;
    EXPECT_NE(text.find("opaque_cursor"), std::string::npos) << text;
  }
  EXPECT_LE(store_.requests() - asked, 8) << "check asks each list once, run nothing";
}

TEST_F(Catalogue, IsShownAndChecked) {
  write(kCatalogue);
  const auto shown = Json::parse(falaj_.run({"catalog", "show", "--json"}).out);
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->as_array().size(), 42U);
  const auto one = falaj_.run({"catalog", "show", "sizes"});
  EXPECT_NE(one.out.find("1 for each of products"), std::string::npos) << one.out;
  EXPECT_EQ(falaj_.run({"catalog", "show", "nothing"}).status, 64);
  EXPECT_EQ(falaj_.run({"catalog", "check"}).status, 0);
  EXPECT_EQ(falaj_.run({"catalog", "check", (dir_ / "missing.toml").string()}).status, 78);
}

}  // namespace
}  // namespace falaj::test
