// SPDX-License-Identifier: Apache-2.0
#include "tests/support/allocation_counter.hpp"

#include <cerrno>
#include <cstdlib>

// GCC tells of sanitizers by macros, clang by __has_feature.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLUICE_MALLOC_IS_TAKEN
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_MALLOC_IS_TAKEN
#endif

namespace sluice::tests {
namespace {

/// Of this thread alone, so that a test sees only itself.
thread_local std::size_t allocations = 0;

}  // namespace

AllocationCounter::AllocationCounter() : start_(allocations) {}
std::size_t AllocationCounter::count() const {
  return allocations - start_;
}

#ifdef SLUICE_MALLOC_IS_TAKEN

bool AllocationCounter::is_supported() {
  return false;
}

}  // namespace sluice::tests

#else

bool AllocationCounter::is_supported() {
  return true;
}

namespace {

void* counted(void* memory) {
  ++allocations;
  return memory;
}

}  // namespace
}  // namespace sluice::tests

// glibc's own names for what is replaced here. Found without dlsym, which allocates itself.
// NOLINTBEGIN(bugprone-reserved-identifier): the names are glibc's
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  return sluice::tests::counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  return sluice::tests::counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) noexcept {
  return sluice::tests::counted(__libc_realloc(memory, size));
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return sluice::tests::counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return sluice::tests::counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  void* result = sluice::tests::counted(__libc_memalign(alignment, size));
  if (result == nullptr) return ENOMEM;
  *memory = result;
  return 0;
}
}
// NOLINTEND(bugprone-reserved-identifier)

#endif
