// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/admission_review.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <boost/json/serialize.hpp>

#include "crds/group.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/object_tree.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

constexpr const char* review_version = "admission.k8s.io/v1";
constexpr std::array kinds = {"DNSFilter",         "ClusterDNSFilter", "DomainList",
                              "ClusterDomainList", "DNSTenant",        "DNSUpstream"};
constexpr std::array operations = {"CREATE", "UPDATE", "DELETE", "CONNECT"};
/// Errors that keep an object out. Everything else can be mended by another object yet to come.
constexpr std::array denials = {"Invalid", "ActionNotDelegated", "QuotaExceeded"};

/// What Kubernetes' documentation asks of webhooks: longer ones may be cut anywhere.
constexpr std::size_t max_warning_size = 120;
/// More would not be read, and the API server forwards 4096 octets of all webhooks together.
constexpr std::size_t max_warnings = 10;
/// Of a denial, which is one line for whoever reads it.
constexpr std::size_t max_message_size = 4096;

/// The source's path: people see what the field is called, and know which object they have sent.
constexpr const char* reviewed_path = "the object";

struct Review {
  const json::object* request;
  std::string uid;
  std::string kind;
  std::string operation;
  bool is_judged = false;
};

struct Verdict {
  std::string reason;   ///< empty: allowed
  std::string message;  ///< of a denial
  unsigned code = 422;
  std::vector<std::string> warnings;
};

template <std::size_t size>
std::string known_or_other(std::string_view text, const std::array<const char*, size>& known) {
  return std::ranges::find(known, text) != known.end() ? std::string(text) : "other";
}

/// At most `size` octets of whole UTF-8 characters.
std::string shorten(std::string text, std::size_t size) {
  constexpr std::string_view ellipsis = "...";
  if (text.size() <= size) return text;
  std::size_t end = size - ellipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
    --end;
  return text.substr(0, end).append(ellipsis);
}

std::string text_of(const config::Diagnostic& problem) {
  return problem.path.empty() ? problem.message : problem.path + ": " + problem.message;
}

std::optional<Review> read_review(const json::object& review) {
  if (find_string(review, "apiVersion") != review_version) return std::nullopt;
  if (find_string(review, "kind") != "AdmissionReview") return std::nullopt;
  const json::object* request = find_object(review, "request");
  if (request == nullptr || find_string(*request, "uid").empty()) return std::nullopt;
  Review read{.request = request,
              .uid = std::string(find_string(*request, "uid")),
              .kind = "other",
              .operation = known_or_other(find_string(*request, "operation"), operations)};
  const json::object* type = find_object(*request, "kind");
  if (type != nullptr && find_string(*type, "group") == crds::group)
    read.kind = known_or_other(find_string(*type, "kind"), kinds);
  const bool is_change = read.operation == "CREATE" || read.operation == "UPDATE";
  const bool is_ours = read.kind != "other" && std::string(crds::group) + '/' +
                                                       std::string(find_string(*type, "version")) ==
                                                   crds::api_version;
  read.is_judged = is_change && is_ours && find_string(*request, "subResource").empty();
  return read;
}

/// The namespace is the request's: whether the object repeats it is up to whoever wrote it.
std::shared_ptr<const Object> read_object(const json::object& request, const json::object& sent) {
  Object object{.namespace_name = std::string(find_string(request, "namespace")),
                .text = json::serialize(sent)};
  if (const auto* metadata = find_object(sent, "metadata"))
    object.name = find_string(*metadata, "name");
  if (object.name.empty()) object.name = find_string(request, "name");
  return std::make_shared<const Object>(std::move(object));
}

bool is_going(const json::object& object) {
  const auto* metadata = find_object(object, "metadata");
  return metadata != nullptr && !find_string(*metadata, "deletionTimestamp").empty();
}

bool is_denial(const config::Diagnostic& problem) {
  return problem.severity == config::Severity::error &&
         std::ranges::find(denials, problem.reason) != denials.end();
}

void add_warnings(const config::Diagnostics& problems, Verdict& verdict) {
  for (const auto& problem : problems) {
    if (verdict.warnings.size() + 1 == max_warnings && problems.size() > max_warnings) {
      const std::size_t rest = problems.size() - verdict.warnings.size();
      verdict.warnings.push_back("and " + std::to_string(rest) + " more");
      return;
    }
    verdict.warnings.push_back(shorten(text_of(problem), max_warning_size));
  }
}

config::Diagnostics problems_of(const Review& review, const json::object& sent,
                                const crds::Reviewer& known) {
  const auto object = read_object(*review.request, sent);
  const ObjectType type{crds::api_version, review.kind};
  return known.review({.path = reviewed_path, .text = "", .tree = [object, type] {
                         return to_tree(*object, type);
                       }});
}

/// What was wrong before is no reason to keep a change out: labels, finalizers and the rest of the
/// object can be changed all the same, and somebody who has too much can do with less step by step.
config::Diagnostics problems_before(const Review& review, const crds::Reviewer& known) {
  const auto* before = find_object(*review.request, "oldObject");
  return before == nullptr ? config::Diagnostics() : problems_of(review, *before, known);
}

Verdict judge(const Review& review, const crds::Reviewer& known) {
  const json::object* sent = find_object(*review.request, "object");
  if (sent == nullptr)
    return {.reason = "BadRequest", .message = "the review has no object", .code = 400};
  const auto problems = problems_of(review, *sent, known);
  const bool may_deny = !is_going(*sent) && std::ranges::any_of(problems, is_denial);
  const auto before = may_deny ? problems_before(review, known) : config::Diagnostics();
  Verdict verdict;
  config::Diagnostics rest;
  for (const auto& problem : problems) {
    const bool is_new = std::ranges::find(before, problem) == before.end();
    if (!may_deny || !is_denial(problem) || !is_new) {
      rest.push_back(problem);
      continue;
    }
    if (verdict.reason.empty()) verdict.reason = problem.reason;
    verdict.message += (verdict.message.empty() ? "" : "; ") + text_of(problem);
  }
  verdict.message = shorten(std::move(verdict.message), max_message_size);
  add_warnings(rest, verdict);
  return verdict;
}

/// For the API server's audit log.
std::string annotation_of(const Verdict& verdict) {
  if (!verdict.reason.empty()) return verdict.reason;
  return verdict.warnings.empty() ? "allowed" : "warned";
}

std::string write_response(const std::string& uid, const Verdict& verdict) {
  json::object response{{"uid", uid}, {"allowed", verdict.reason.empty()}};
  if (!verdict.reason.empty()) {
    // The word that the API has for it: ours is among the annotations.
    const char* reason = verdict.code == 422 ? "Invalid" : "BadRequest";
    response["status"] = {{"code", verdict.code}, {"reason", reason}, {"message", verdict.message}};
  }
  if (!verdict.warnings.empty())
    response["warnings"] = json::array(verdict.warnings.begin(), verdict.warnings.end());
  response["auditAnnotations"] = {{"verdict", annotation_of(verdict)}};
  return json::serialize(json::object{{"apiVersion", review_version},
                                      {"kind", "AdmissionReview"},
                                      {"response", std::move(response)}});
}

}  // namespace

std::optional<AdmissionAnswer> answer_review(std::string_view body, const crds::Reviewer& known) {
  const auto parsed = parse_object(body);
  const auto review = parsed ? read_review(*parsed) : std::nullopt;
  if (!review) return std::nullopt;
  const Verdict verdict = review->is_judged ? judge(*review, known) : Verdict{};
  return AdmissionAnswer{.body = write_response(review->uid, verdict),
                         .kind = review->kind,
                         .operation = review->operation,
                         .allowed = verdict.reason.empty(),
                         .reason = verdict.reason};
}

}  // namespace sluice::kubernetes
