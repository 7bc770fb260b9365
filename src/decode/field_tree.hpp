// A table spec compiled to a tree of member names, so that one walk over an entity finds the values
// of all its fields; members that no field names are skipped in one step.
// Shape:    found(node) is the token at which the node's value starts, of the entity walked last. An
//           object whose names are all numbers is taken for an array (JsonText::is_list).
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
  // A field reads the value of this node itself, so that one without members is no surprise.
  void take_scalar(NodeId node) { nodes_[index(node)].takes_scalar = true; }
  // The innermost array that the node's path goes through; kNoNode if it goes through none.
  NodeId array_of(NodeId node) const;

  // Forgets the last entity and walks this one.
  void walk(const JsonText& json, Token entity);
  Token found(NodeId node) const { return found_[index(node)]; }
  // All occurrences of the nodes given to collect_all(), in order.
  const std::vector<std::pair<NodeId, Token>>& collected() const { return collected_; }
  // Values of another form than the paths need that go on below them: a text or an array with something
  // in it where members are meant, members where an array is meant. null, "", [] and {} are none.
  bool has_misfits() const { return !misfits_.empty(); }
  // The misfit that keeps the node's path from its end; kNotFound: there is none. `at`: its node.
  Token misfit_above(NodeId node, NodeId& at) const;
  bool is_array(NodeId node) const { return nodes_[index(node)].element != kNoNode; }

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
    NodeId parent = kNoNode;
    bool is_below_array = false;
    bool collects = false;
    bool takes_scalar = false;
    Node() { buckets.fill(-1); }
  };

  static size_t index(NodeId node) { return static_cast<size_t>(node); }
  static size_t bucket_of(std::string_view key) {
    if (key.empty()) return 0;
    return (key.size() * 5 + static_cast<unsigned char>(key.front()) * 7U +
            static_cast<unsigned char>(key.back()) * 3U) %
           kBuckets;
  }
  NodeId make_node(NodeId parent, bool is_below_array);
  NodeId add_member(NodeId node, std::string_view key);
  NodeId add_element(NodeId node);
  void visit(const JsonText& json, NodeId node, Token value);
  void visit_members(const JsonText& json, const Node& node, Token object);
  bool is_misfit(const JsonText& json, const Node& node, Token value) const;

  std::vector<Node> nodes_;
  std::vector<Token> found_;
  std::vector<std::pair<NodeId, Token>> collected_;
  std::vector<std::pair<NodeId, Token>> misfits_;
};

}  // namespace falaj::decode
