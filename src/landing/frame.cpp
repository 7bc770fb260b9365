#include "landing/frame.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <array>
#include <charconv>
#include <cstring>

#include "base/sha256.hpp"

namespace falaj::landing {
namespace {

constexpr uint32_t kIndexMagic = 0x184D2A5EU;  // one of the skippable magic numbers
constexpr size_t kPrefixBytes = 8;             // magic, size of the index
constexpr size_t kIndexBytesMax = size_t{16} << 20U;
constexpr uint64_t kRawBytesMax = uint64_t{1} << 30U;
constexpr size_t kChecksumDigits = 16;
constexpr std::string_view kSignature = "falaj-landing";
constexpr std::string_view kChecksumLabel = "sha256\t";

void put_le32(char* target, uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) target[i] = static_cast<char>((value >> (8U * i)) & 0xFFU);
}

uint32_t get_le32(const char* source) {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    value |= static_cast<uint32_t>(static_cast<unsigned char>(source[i])) << (8U * i);
  }
  return value;
}

// Fields are separated by tabs and lines by line feeds, so these are escaped in texts.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    out += text[i] == 't' ? '\t' : text[i] == 'n' ? '\n' : text[i];
  }
  return out;
}

// Splits one line into exactly N fields.
template <size_t N>
bool split(std::string_view line, std::array<std::string_view, N>& fields) {
  for (size_t i = 0; i < N; ++i) {
    const size_t tab = i + 1 < N ? line.find('\t') : line.size();
    if (tab == std::string_view::npos) return false;
    fields[i] = line.substr(0, tab);
    if (i + 1 < N) line.remove_prefix(tab + 1);
  }
  return true;
}

template <typename T>
bool read_number(std::string_view text, T& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

std::string_view next_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string checksum_line(std::string_view text) {
  return fmt::format("{}{}\n", kChecksumLabel,
                     std::string_view(to_hex(sha256(text))).substr(0, kChecksumDigits));
}

void append_index(std::string& out, const PackageIdentity& identity, int64_t frame_no,
                  int64_t first_page_no, const std::vector<PageRecord>& pages, size_t raw_bytes,
                  size_t data_bytes) {
  const size_t start = out.size();
  out += fmt::format("{}\t{}\t{}\t", kSignature, kFormatVersion, identity.package_id.value());
  append_escaped(out, identity.run_id.value());
  out += fmt::format("\t{}\t", identity.store_id.value());
  append_escaped(out, identity.stream);
  out += fmt::format("\t{}\t{}\t{}\t{}\t{}\n", frame_no, first_page_no, pages.size(), raw_bytes,
                     data_bytes);
  for (const PageRecord& page : pages) {
    out += fmt::format("{}\t{}\t{}\t{}\t", page.parent_id, page.http_status,
                       page.fetched_at.time_since_epoch().count(), page.body.size());
    append_escaped(out, page.shape);
    out += '\t';
    append_escaped(out, page.source);
    out += '\t';
    append_escaped(out, page.request);
    out += '\n';
  }
  out += checksum_line(std::string_view(out).substr(start));
}

bool parse_page_line(std::string_view line, LandedRequest& request) {
  std::array<std::string_view, 7> fields;
  int64_t fetched_us = 0;
  if (!split(line, fields) || !read_number(fields[0], request.parent_id) ||
      !read_number(fields[1], request.http_status) || !read_number(fields[2], fetched_us) ||
      !read_number(fields[3], request.body_bytes)) {
    return false;
  }
  request.fetched_at = UtcTime(Micros(fetched_us));
  request.shape = unescaped(fields[4]);
  request.source = unescaped(fields[5]);
  request.request = unescaped(fields[6]);
  return true;
}

// Fills `frame` from the text of an index; a reason if it is not one.
std::optional<std::string> parse_index(std::string_view text, FrameIndex& frame) {
  const size_t tail = kChecksumLabel.size() + kChecksumDigits + 1;
  if (text.size() < tail) return "its index is too short";
  std::string_view body = text.substr(0, text.size() - tail);
  if (text.substr(body.size()) != checksum_line(body)) {
    return "the checksum of its index does not match";
  }
  std::array<std::string_view, 11> head;
  if (!split(next_line(body), head) || head[0] != kSignature) return "it is not a landing frame";
  int version = 0;
  int64_t store = 0;
  int64_t first_page = 0;
  size_t pages = 0;
  if (!read_number(head[1], version) || version != kFormatVersion) {
    return fmt::format("format version {} is not known here, expected {}", head[1], kFormatVersion);
  }
  int64_t frame_no = 0;
  if (!read_number(head[4], store) || !read_number(head[6], frame_no) ||
      !read_number(head[7], first_page) || !read_number(head[8], pages) ||
      !read_number(head[9], frame.raw_bytes) || !read_number(head[10], frame.data_bytes)) {
    return "its index has a malformed first line";
  }
  if (frame_no != frame.frame_no) return fmt::format("it says it is frame {}", frame_no);
  if (frame.raw_bytes > kRawBytesMax) return "its size is beyond 1 GB";
  frame.identity = {PackageId(std::string(head[2])), RunId(unescaped(head[3])), StoreId(store),
                    unescaped(head[5])};
  uint64_t body_offset = 0;
  while (!body.empty()) {
    LandedRequest request;
    if (!parse_page_line(next_line(body), request)) return "its index has a malformed line";
    request.stream = frame.identity.stream;
    request.package_id = frame.identity.package_id;
    request.page_no = first_page + static_cast<int64_t>(frame.requests.size());
    request.frame_no = frame.frame_no;
    request.frame_offset = frame.offset;
    request.body_offset = body_offset;
    body_offset += request.body_bytes + 1;
    frame.requests.push_back(std::move(request));
  }
  if (frame.requests.size() != pages || body_offset != frame.raw_bytes) {
    return "its index does not add up";
  }
  return std::nullopt;
}

}  // namespace

struct FrameEncoder::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string raw;
  std::string out;
  std::string compressed;
};

FrameEncoder::FrameEncoder() : state_(std::make_unique<State>()) {
  // Level 1: compression must not be slower than the network and the disk; the packages are
  // short-lived.
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_checksumFlag, 1);
}

FrameEncoder::~FrameEncoder() {
  ZSTD_freeCCtx(state_->context);
}

Result<std::string_view> FrameEncoder::encode(const PackageIdentity& identity, int64_t frame_no,
                                              int64_t first_page_no,
                                              const std::vector<PageRecord>& pages) {
  State& state = *state_;
  state.raw.clear();
  for (const PageRecord& page : pages) {
    state.raw.append(page.body.view());
    state.raw += '\n';
  }
  const size_t bound = ZSTD_compressBound(state.raw.size());
  if (state.compressed.size() < bound) state.compressed.resize(bound);
  const size_t data_bytes = ZSTD_compress2(state.context, state.compressed.data(), bound,
                                           state.raw.data(), state.raw.size());
  if (ZSTD_isError(data_bytes)) {
    return Error(ErrorKind::kBug, fmt::format("cannot compress a landing frame of {} bytes: {}",
                                              state.raw.size(), ZSTD_getErrorName(data_bytes)));
  }
  state.out.assign(kPrefixBytes, '\0');
  append_index(state.out, identity, frame_no, first_page_no, pages, state.raw.size(), data_bytes);
  put_le32(state.out.data(), kIndexMagic);
  put_le32(state.out.data() + 4, static_cast<uint32_t>(state.out.size() - kPrefixBytes));
  state.out.append(state.compressed, 0, data_bytes);
  return std::string_view(state.out);
}

struct FrameDecoder::State {
  ReadFile& file;
  std::string path;
  ZSTD_DCtx* context = ZSTD_createDCtx();
  std::string text;
  std::string compressed;
};

FrameDecoder::FrameDecoder(ReadFile& file, std::string path)
    : state_(new State{file, std::move(path)}) {}

FrameDecoder::~FrameDecoder() {
  ZSTD_freeDCtx(state_->context);
}

Error FrameDecoder::damaged(int64_t frame_no, uint64_t offset, std::string_view why) const {
  Error error(ErrorKind::kStorageFailed,
              fmt::format("landing package {} is damaged: frame {} at byte {} of {}: {}",
                          state_->path, frame_no, offset, state_->file.size(), why));
  error.vendor_code = kDamaged;
  return error;
}

Result<std::optional<FrameIndex>> FrameDecoder::index_at(uint64_t offset, int64_t frame_no) {
  ReadFile& file = state_->file;
  if (offset == file.size()) return std::optional<FrameIndex>();
  char prefix[kPrefixBytes];
  FALAJ_ASSIGN(size_t got, file.read_at(offset, prefix, kPrefixBytes));
  if (got < kPrefixBytes) return damaged(frame_no, offset, "the file ends inside it");
  if (get_le32(prefix) != kIndexMagic) {
    return damaged(frame_no, offset, "it does not start with a frame's mark");
  }
  const size_t bytes = get_le32(prefix + 4);
  if (bytes > kIndexBytesMax) return damaged(frame_no, offset, "its index is beyond 16 MB");
  state_->text.resize(bytes);
  FALAJ_ASSIGN(got, file.read_at(offset + kPrefixBytes, state_->text.data(), bytes));
  if (got < bytes) return damaged(frame_no, offset, "the file ends inside its index");
  FrameIndex frame;
  frame.frame_no = frame_no;
  frame.offset = offset;
  frame.data_offset = offset + kPrefixBytes + bytes;
  if (auto reason = parse_index(state_->text, frame)) return damaged(frame_no, offset, *reason);
  if (frame.data_bytes > file.size() - frame.data_offset) {
    return damaged(frame_no, offset, "the file ends inside its pages");
  }
  return std::optional<FrameIndex>(std::move(frame));
}

Result<std::shared_ptr<const char[]>> FrameDecoder::bodies_of(const FrameIndex& frame) {
  state_->compressed.resize(frame.data_bytes);
  FALAJ_ASSIGN(const size_t got, state_->file.read_at(frame.data_offset, state_->compressed.data(),
                                                      frame.data_bytes));
  if (got < frame.data_bytes) {
    return damaged(frame.frame_no, frame.offset, "the file ends inside its pages");
  }
  auto bodies = std::make_shared_for_overwrite<char[]>(frame.raw_bytes);
  const size_t raw = ZSTD_decompressDCtx(state_->context, bodies.get(), frame.raw_bytes,
                                         state_->compressed.data(), frame.data_bytes);
  if (ZSTD_isError(raw)) {
    return damaged(frame.frame_no, frame.offset,
                   fmt::format("its pages cannot be decompressed: {}", ZSTD_getErrorName(raw)));
  }
  if (raw != frame.raw_bytes) {
    return damaged(frame.frame_no, frame.offset, "its pages are shorter than its index says");
  }
  return std::shared_ptr<const char[]>(std::move(bodies));
}

PageRecord page_of(const LandedRequest& request, const std::shared_ptr<const char[]>& bodies) {
  PageRecord page;
  page.stream = request.stream;
  page.shape = request.shape;
  page.source = request.source;
  page.request = request.request;
  page.parent_id = request.parent_id;
  page.http_status = request.http_status;
  page.fetched_at = request.fetched_at;
  page.body = PageBody(
      std::string_view(bodies.get() + request.body_offset, static_cast<size_t>(request.body_bytes)),
      std::shared_ptr<const void>(bodies, bodies.get()));
  return page;
}

}  // namespace falaj::landing
