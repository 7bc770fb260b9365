#include "operate/report_shapes.hpp"

namespace falaj::operate {

const Described<WebhookView>& webhook_shape() {
  static const auto kShape =
      Described<WebhookView>("webhook")
          .field("store", &WebhookView::store, "its name")
          .field("id", &WebhookView::id, "of the subscription")
          .field("event", &WebhookView::event, "such as order.created")
          .field("url", &WebhookView::url, "where it is delivered")
          .field("state", &WebhookView::state, "active, or what was done: made, kept, failed: ...");
  return kShape;
}

const Described<WebhookServeReport>& webhook_serve_shape() {
  static const auto kShape =
      Described<WebhookServeReport>("webhook receiver")
          .field("kept", &WebhookServeReport::kept, "put into the inbox", "events")
          .field("repeated", &WebhookServeReport::repeated, "that were there already", "events")
          .field("not_genuine", &WebhookServeReport::not_genuine, "not signed", "events")
          .field("malformed", &WebhookServeReport::malformed, "that could not be read", "events")
          .field("failed", &WebhookServeReport::failed, "put off, to be sent again", "events");
  return kShape;
}

}  // namespace falaj::operate
