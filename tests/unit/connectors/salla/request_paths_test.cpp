// Which quota a request draws on is said by the catalogue, not by how its path begins.
#include "connectors/salla/request_paths.hpp"

#include <gtest/gtest.h>

namespace falaj::connectors::salla {
namespace {

using http::Bucket;

TEST(RequestPathsTest, RequestsOfBuiltInStreamsDrawOnWhatTheCatalogueSays) {
  const auto& paths = built_in_request_paths();
  for (const auto* request :
       {"/customers", "/customers?page=2&per_page=60", "/customers/17", "/customers/groups?page=1",
        "/customers/groups/5", "/customers/loyalty/points?customer_id=17"}) {
    EXPECT_EQ(paths.bucket_of(request), Bucket::kCustomers) << request;
  }
  for (const auto* request : {"/orders?page=1", "/orders/17", "/orders/items?order_id=17",
                              "/store/info", "/products/17", "/", ""}) {
    EXPECT_EQ(paths.bucket_of(request), Bucket::kStore) << request;
  }
}

TEST(RequestPathsTest, EveryStreamIsAskedForFromTheBucketThatItDeclares) {
  const auto& paths = built_in_request_paths();
  for (const auto& stream : built_in_streams()) {
    const auto bucket = stream.bucket == "customers" ? Bucket::kCustomers : Bucket::kStore;
    for (auto path : {stream.path, stream.entity_path}) {
      if (path.empty()) continue;
      for (const auto* word : {"{id}", "{parent}"}) {
        if (const auto at = path.find(word); at != std::string::npos)
          path.replace(at, std::string_view(word).size(), "4711");
      }
      EXPECT_EQ(paths.bucket_of(path), bucket) << stream.name << ": " << path;
    }
  }
}

TEST(RequestPathsTest, AStreamOfOnesOwnMayDrawOnEither) {
  extract::StreamSpec own;
  own.name = "wallets";
  own.path = "/wallets";
  own.entity_path = "/wallets/{id}/balance";
  own.bucket = "customers";
  extract::StreamSpec other;
  other.name = "customer_tags";
  other.path = "/customers/tags";
  const RequestPaths paths({own, other});
  EXPECT_EQ(paths.bucket_of("/wallets?page=3"), Bucket::kCustomers);
  EXPECT_EQ(paths.bucket_of("/wallets/9/balance"), Bucket::kCustomers);
  EXPECT_EQ(paths.bucket_of("/wallets/9"), Bucket::kStore);
  EXPECT_EQ(paths.bucket_of("/customers/tags?page=1"), Bucket::kStore);
}

TEST(RequestPathsTest, AWrittenPartWinsOverAnId) {
  extract::StreamSpec groups;
  groups.path = "/things/groups";
  extract::StreamSpec things;
  things.path = "/things";
  things.entity_path = "/things/{id}";
  things.bucket = "customers";
  EXPECT_EQ(RequestPaths({things, groups}).bucket_of("/things/groups"), Bucket::kStore);
  EXPECT_EQ(RequestPaths({groups, things}).bucket_of("/things/groups"), Bucket::kStore);
  EXPECT_EQ(RequestPaths({groups, things}).bucket_of("/things/7"), Bucket::kCustomers);
}

}  // namespace
}  // namespace falaj::connectors::salla
