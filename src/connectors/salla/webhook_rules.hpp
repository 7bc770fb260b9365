// What each of Salla's events means for us, as a table.
// Threads:  constant data.
// Facts:    at each line; "5.2" and the like are sections of salla-api.md
#pragma once

#include <span>
#include <string_view>

namespace falaj::connectors::salla {

enum class WebhookAction {
  kUseBody,      // the body is the entity: landed as a page of the stream, if it is whole
  kUseParts,     // so is a narrower body, for what it has; the entity is asked for as well
  kRefetch,      // the body is narrow or says nothing certain: the entity is asked for by its id
  kTombstone,    // the entity is gone
  kReadList,     // the stream is read whole by each run, and cannot be asked for one entity
  kCredentials,  // a store's tokens
  kIgnore,       // nothing that we keep has changed
};

struct WebhookRule {
  std::string_view event;  // "order.created"; one that ends in ".*" stands for all that begin so
  WebhookAction action;
  std::string_view stream;    // what it is about; empty: nothing that we keep
  std::string_view id_paths;  // where data has the entity's id: the first that is there
  std::string_view needs;     // members of data without which a body is not the whole entity
  bool drops_data;            // secrets or private messages: only the envelope is kept
  std::string_view why;
  std::string_view document;
};

std::span<const WebhookRule> webhook_rules();
// Null for an event that nobody has described.
const WebhookRule* find_webhook_rule(std::string_view event);
std::string_view to_string(WebhookAction action);

}  // namespace falaj::connectors::salla
