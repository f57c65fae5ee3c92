/*
 * The ground under a cell in C: text, and memory that is only ever taken. An instance lives for one request, so nothing is freed; a cell
 * that takes more than its manifest's memoryPages traps, and its request fails alone.
 */
#ifndef CHAUTARI_MEMORY_H
#define CHAUTARI_MEMORY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8, not ended by a zero. */
typedef struct cell_string {
  const char *at;
  size_t bytes;
} cell_string_t;

/* A zeroed block that stays for the rest of the request; traps where there is no more. */
void *cell_allocate(size_t bytes, size_t alignment);

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

static inline float cell_float_of_bits(uint32_t bits) {
  union { uint32_t bits; float value; } both = {.bits = bits};
  return both.value;
}
static inline uint32_t cell_bits_of_float(float value) {
  union { float value; uint32_t bits; } both = {.value = value};
  return both.bits;
}
static inline double cell_double_of_bits(uint64_t bits) {
  union { uint64_t bits; double value; } both = {.bits = bits};
  return both.value;
}
static inline uint64_t cell_bits_of_double(double value) {
  union { double value; uint64_t bits; } both = {.value = value};
  return both.bits;
}

/* A text that stands in the source: cell_text("amount"). */
#define cell_text(literal) ((cell_string_t){"" literal, sizeof(literal) - 1})

bool cell_equal(cell_string_t left, cell_string_t right);
bool cell_starts_with(cell_string_t text, cell_string_t start);

/* One text of several: CELL_JOIN(cell_text("the wallet "), id, cell_text(" is closed")). */
cell_string_t cell_join(const cell_string_t *parts, size_t count);
#define CELL_JOIN(...) \
  cell_join((const cell_string_t[]){__VA_ARGS__}, sizeof((const cell_string_t[]){__VA_ARGS__}) / sizeof(cell_string_t))

/* Digits only, as amounts stand in fields and receipts. */
cell_string_t cell_decimal(uint64_t value);

/* The amount that 1-19 digits name; false unless it fits into a posting. */
bool cell_parse_minor(cell_string_t digits, uint64_t *amount);

#endif
