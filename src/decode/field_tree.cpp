#include "decode/field_tree.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace falaj::decode {

NodeId FieldTree::make_node(NodeId parent, bool is_below_array) {
  nodes_.emplace_back();
  nodes_.back().parent = parent;
  nodes_.back().is_below_array = is_below_array;
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId FieldTree::add_member(NodeId node, std::string_view key) {
  for (const Member& member : nodes_[index(node)].members) {
    if (member.key == key) return member.node;
  }
  const NodeId made = make_node(node, nodes_[index(node)].is_below_array);
  Node& parent = nodes_[index(node)];
  int16_t& bucket = parent.buckets[bucket_of(key)];
  parent.members.push_back({std::string(key), made, bucket});
  bucket = static_cast<int16_t>(parent.members.size() - 1);
  return made;
}

NodeId FieldTree::add_element(NodeId node) {
  if (nodes_[index(node)].element == kNoNode) {
    const NodeId made = make_node(node, true);
    nodes_[index(node)].element = made;
  }
  return nodes_[index(node)].element;
}

NodeId FieldTree::add_path(std::string_view path, NodeId from) {
  NodeId node = from;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    std::string_view step = path.substr(0, dot);
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    const bool is_array = step.ends_with("[]");
    if (is_array) step.remove_suffix(2);
    FALAJ_CHECK(!step.empty(), "a path with an empty step");
    node = add_member(node, step);
    if (is_array) node = add_element(node);
  }
  return node;
}

void FieldTree::walk(const JsonText& json, Token entity) {
  found_.assign(nodes_.size(), kNotFound);
  collected_.clear();
  misfits_.clear();
  found_[kRoot] = entity;
  if (json.kind(entity) == '{') visit_members(json, nodes_[kRoot], entity);
}

void FieldTree::visit_members(const JsonText& json, const Node& node, Token object) {
  for (Token at = object + 1; json.kind(at) == '"';) {
    const std::string_view key = json.raw_string(at);
    const Token value = at + 2;
    for (int16_t m = node.buckets[bucket_of(key)]; m >= 0;) {
      const Member& member = node.members[static_cast<size_t>(m)];
      if (member.key.size() == key.size() &&
          std::memcmp(member.key.data(), key.data(), key.size()) == 0) {
        visit(json, member.node, value);
        break;
      }
      m = member.next;
    }
    at = json.after(value);
    if (json.kind(at) == ',') ++at;
  }
}

void FieldTree::visit(const JsonText& json, NodeId id, Token value) {
  const Node& node = nodes_[index(id)];
  Token& slot = found_[index(id)];
  // Of several elements the first that has a value counts.
  if (!node.is_below_array || slot == kNotFound || json.kind(slot) == 'n') slot = value;
  if (node.collects) collected_.emplace_back(id, value);
  if (node.members.empty() && node.element == kNoNode) return;
  const char kind = json.kind(value);
  if ((kind == '{' || kind == '[') && json.is_list(value)) {
    if (node.element != kNoNode) {
      json.each_item(value, [&](Token element) { visit(json, node.element, element); });
      return;
    }
  } else if (kind == '{' && !node.members.empty()) {
    visit_members(json, node, value);
    return;
  }
  if (is_misfit(json, node, value)) misfits_.emplace_back(id, value);
}

bool FieldTree::is_misfit(const JsonText& json, const Node& node, Token value) const {
  switch (json.kind(value)) {
    case 'n': return false;
    case '{':
    case '[': return !json.is_empty_container(value);
    case '"': return !node.takes_scalar && !json.raw_string(value).empty();
    default: return !node.takes_scalar;
  }
}

NodeId FieldTree::array_of(NodeId node) const {
  for (NodeId at = node; at != kNoNode; at = nodes_[index(at)].parent) {
    const NodeId parent = nodes_[index(at)].parent;
    if (parent != kNoNode && nodes_[index(parent)].element == at) return parent;
  }
  return kNoNode;
}

Token FieldTree::misfit_above(NodeId node, NodeId& at) const {
  for (at = nodes_[index(node)].parent; at != kNoNode; at = nodes_[index(at)].parent) {
    for (const auto& [misfit, value] : misfits_) {
      if (misfit == at) return value;
    }
  }
  return kNotFound;
}

}  // namespace falaj::decode
