#include "stores/known_stores.hpp"

#include <gtest/gtest.h>

namespace falaj::stores {
namespace {

const std::vector<KnownName> kKnown = {{11, "riyadh", true}, {11, "متجر", false},
                                       {12, "jeddah", true}, {12, "متجر", false},
                                       {13, "", false},      {14, "riyadh", false}};

TEST(KnownStores, AStoreIsFoundByIdAndByName) {
  EXPECT_EQ(find_store(kKnown, "12")->store_id, 12);
  EXPECT_EQ(find_store(kKnown, "12")->name, "jeddah");
  EXPECT_EQ(find_store(kKnown, "13")->name, "13") << "one that only the books know";
  EXPECT_EQ(find_store(kKnown, "riyadh")->store_id, 11) << "a given name wins";
}

TEST(KnownStores, WhatIsNotClearIsRefusedWithWhatMayBeMeant) {
  const auto two = find_store(kKnown, "متجر");
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().kind(), ErrorKind::kUsage);
  EXPECT_NE(two.error().message().find("11 or 12"), std::string::npos) << two.error().message();
  const auto typo = find_store(kKnown, "jedah");
  ASSERT_FALSE(typo.ok());
  EXPECT_EQ(typo.error().kind(), ErrorKind::kNotFound);
  EXPECT_NE(typo.error().message().find("did you mean \"jeddah\"?"), std::string::npos)
      << typo.error().message();
  EXPECT_FALSE(find_store(kKnown, "").ok());
  EXPECT_FALSE(find_store({}, "riyadh").ok());
}

}  // namespace
}  // namespace falaj::stores
