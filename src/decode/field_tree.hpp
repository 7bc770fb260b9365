// A table spec compiled to a tree of member names, so that one walk over an entity finds the values
// of all its fields; members that no field names are skipped in one step.
// Shape:    found(node) is the token at which the node's value starts, of the entity walked last.
// Threads:  confined to one.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "decode/json_text.hpp"

namespace falaj::decode {

using NodeId = int32_t;
constexpr NodeId kNoNode = -1;
constexpr Token kNotFound = std::numeric_limits<Token>::max();

class FieldTree {
 public:
  FieldTree() { nodes_.emplace_back(); }

  // The node of a path below `from`, made if need be; kRoot is the entity itself.
  static constexpr NodeId kRoot = 0;
  NodeId add_path(std::string_view path, NodeId from = kRoot);
  // Every occurrence of this node below an array is wanted, not only the first that has a value.
  void collect_all(NodeId node) { nodes_[index(node)].collects = true; }

  // Forgets the last entity and walks this one.
  void walk(const JsonText& json, Token entity);
  Token found(NodeId node) const { return found_[index(node)]; }
  // All occurrences of the nodes given to collect_all(), in order.
  const std::vector<std::pair<NodeId, Token>>& collected() const { return collected_; }

 private:
  static constexpr size_t kBuckets = 64;
  struct Member {
    std::string key;
    NodeId node = kNoNode;
    int16_t next = -1;  // of the same bucket
  };
  struct Node {
    std::vector<Member> members;
    std::array<int16_t, kBuckets> buckets;
    NodeId element = kNoNode;  // of an array
    bool is_below_array = false;
    bool collects = false;
    Node() { buckets.fill(-1); }
  };

  static size_t index(NodeId node) { return static_cast<size_t>(node); }
  static size_t bucket_of(std::string_view key) {
    if (key.empty()) return 0;
    return (key.size() * 5 + static_cast<unsigned char>(key.front()) * 7U +
            static_cast<unsigned char>(key.back()) * 3U) %
           kBuckets;
  }
  NodeId make_node(bool is_below_array);
  NodeId add_member(NodeId node, std::string_view key);
  NodeId add_element(NodeId node);
  void visit(const JsonText& json, NodeId node, Token value);
  void visit_members(const JsonText& json, const Node& node, Token object);

  std::vector<Node> nodes_;
  std::vector<Token> found_;
  std::vector<std::pair<NodeId, Token>> collected_;
};

}  // namespace falaj::decode
