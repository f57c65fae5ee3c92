/* See chautari/memory.h. The blocks begin where the linker ends the cell's own data, and grow page by page. */
#include <chautari/memory.h>

#define PAGE_BYTES ((size_t)65536)

extern unsigned char __heap_base;
static size_t used;

void *cell_allocate(size_t bytes, size_t alignment) {
  if (used == 0) used = (size_t)&__heap_base;
  size_t start = (used + alignment - 1) & ~(alignment - 1);
  size_t end = start + bytes;
  if (start < used || end < start) __builtin_trap();
  size_t held = __builtin_wasm_memory_size(0) * PAGE_BYTES;
  if (end > held) {
    size_t pages = (end - held + PAGE_BYTES - 1) / PAGE_BYTES;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) __builtin_trap();
  }
  used = end;
  return (void *)start;
}

/* What the host puts its arguments and answers into. */
__attribute__((export_name("cabi_realloc"))) void *cell_realloc(void *old, size_t old_bytes, size_t alignment, size_t bytes) {
  if (bytes == 0) return (void *)alignment;
  void *block = cell_allocate(bytes, alignment);
  if (old_bytes != 0) memcpy(block, old, old_bytes < bytes ? old_bytes : bytes);
  return block;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  unsigned char *out = to;
  const unsigned char *in = from;
  for (size_t at = 0; at < bytes; at++) out[at] = in[at];
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  unsigned char *out = to;
  const unsigned char *in = from;
  if (out < in) {
    for (size_t at = 0; at < bytes; at++) out[at] = in[at];
  } else {
    for (size_t at = bytes; at > 0; at--) out[at - 1] = in[at - 1];
  }
  return to;
}

void *memset(void *to, int value, size_t bytes) {
  unsigned char *out = to;
  for (size_t at = 0; at < bytes; at++) out[at] = (unsigned char)value;
  return to;
}

int memcmp(const void *left, const void *right, size_t bytes) {
  const unsigned char *one = left;
  const unsigned char *other = right;
  for (size_t at = 0; at < bytes; at++) {
    if (one[at] != other[at]) return one[at] < other[at] ? -1 : 1;
  }
  return 0;
}

bool cell_equal(cell_string_t left, cell_string_t right) {
  return left.bytes == right.bytes && memcmp(left.at, right.at, left.bytes) == 0;
}

bool cell_starts_with(cell_string_t text, cell_string_t start) {
  return text.bytes >= start.bytes && memcmp(text.at, start.at, start.bytes) == 0;
}

cell_string_t cell_join(const cell_string_t *parts, size_t count) {
  size_t bytes = 0;
  for (size_t index = 0; index < count; index++) bytes += parts[index].bytes;
  char *block = cell_allocate(bytes, 1);
  size_t at = 0;
  for (size_t index = 0; index < count; index++) {
    memcpy(block + at, parts[index].at, parts[index].bytes);
    at += parts[index].bytes;
  }
  return (cell_string_t){block, bytes};
}

cell_string_t cell_decimal(uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  const cell_string_t text = {digits + at, sizeof digits - at};
  return cell_join(&text, 1);
}

bool cell_parse_minor(cell_string_t digits, uint64_t *amount) {
  if (digits.bytes == 0 || digits.bytes > 19) return false;
  uint64_t value = 0;
  for (size_t at = 0; at < digits.bytes; at++) {
    if (digits.at[at] < '0' || digits.at[at] > '9') return false;
    value = value * 10 + (uint64_t)(digits.at[at] - '0');
  }
  if (value > INT64_MAX) return false;
  *amount = value;
  return true;
}
