/*
 * A meter that is asked over UDP by its cell itself: no proxy stands between. The cell sends the device's id to the meter's address, waits
 * for the register (8 bytes, big end first), and keeps it as the device's total. `metric` is the UDP port of the meter on this machine,
 * 0 for 9001; the manifest grants the addresses, and the host lets no other through.
 */
#include <chautari/cell.h>
#include "wasi-udp.h"

#define STANDARD_PORT 9001
#define IPV4 0
#define REGISTER_BYTES 8
#define NOWHERE 0, 0, 0, 0, 0, 0
#define LOOPBACK(port) IPV4, (port), 127, 0, 0, 1, NOWHERE

#define refuse(why) ((cell_result_u64_string_t){.is_error = true, .error = cell_text(why)})
#define TOTAL cell_text("total")
#define QUEUED cell_text("queued")

static uint64_t read_register(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int at = 0; at < REGISTER_BYTES; at++) value = value << 8 | bytes[at];
  return value;
}

/* One question, one answer; what is open when it fails is closed by the host. */
static cell_result_u64_string_t ask(cell_string_t device_id, int32_t port) {
  int32_t network = instance_network();
  handle_result socket;
  create_udp_socket(IPV4, &socket);
  if (socket.is_error) return refuse("no socket could be made");
  plain_result bound;
  socket_start_bind(socket.handle, network, LOOPBACK(0), &bound);
  if (!bound.is_error) socket_finish_bind(socket.handle, &bound);
  if (bound.is_error) return refuse("the socket could not be bound");
  streams_result streams;
  socket_stream(socket.handle, 1, LOOPBACK(port), &streams);
  if (streams.is_error) return refuse("the meter's address is not granted");
  count_result sent;
  outgoing_check_send(streams.outgoing, &sent);
  outgoing_datagram question = {.at = (const uint8_t *)device_id.at, .bytes = device_id.bytes};
  if (!sent.is_error) outgoing_send(streams.outgoing, &question, 1, &sent);
  if (sent.is_error || sent.count != 1) return refuse("the meter could not be asked");
  datagrams_result heard;
  for (;;) {
    incoming_receive(streams.incoming, 1, &heard);
    if (heard.is_error) return refuse("the meter is not there");
    if (heard.count > 0) break;
    int32_t ready = incoming_subscribe(streams.incoming);
    pollable_block(ready);
    pollable_drop(ready);
  }
  if (heard.at->bytes != REGISTER_BYTES) return refuse("the meter's answer is not 8 bytes");
  uint64_t value = read_register(heard.at->at);
  incoming_drop(streams.incoming);
  outgoing_drop(streams.outgoing);
  socket_drop(socket.handle);
  network_drop(network);
  return (cell_result_u64_string_t){.value = value};
}

static uint64_t kept(cell_string_t key) {
  cell_option_list_u8_t found = cell_state_get(key);
  return found.some && found.value.count == REGISTER_BYTES ? read_register(found.value.at) : 0;
}

static void keep(cell_string_t key, uint64_t value) {
  uint8_t bytes[REGISTER_BYTES];
  for (int at = 0; at < REGISTER_BYTES; at++) bytes[at] = (uint8_t)(value >> (56 - 8 * at));
  cell_state_set(key, (cell_list_u8_t){bytes, REGISTER_BYTES});
}

cell_result_u64_string_t cell_process_telemetry(cell_string_t device_id, uint64_t metric) {
  if (metric > 65535) return refuse("name the meter's UDP port on this machine, or 0 for 9001");
  cell_result_u64_string_t answer = ask(device_id, metric == 0 ? STANDARD_PORT : (int32_t)metric);
  if (answer.is_error) return answer;
  if (answer.value < kept(TOTAL)) return refuse("the meter went backwards: it was exchanged, or is not this one");
  keep(TOTAL, answer.value);
  return answer;
}

cell_result_u32_string_t cell_queue_reconciliation(cell_string_t device_id) {
  uint64_t total = kept(TOTAL);
  if (total == kept(QUEUED)) return (cell_result_u32_string_t){.value = 0};
  uint8_t bytes[REGISTER_BYTES];
  for (int at = 0; at < REGISTER_BYTES; at++) bytes[at] = (uint8_t)(total >> (56 - 8 * at));
  cell_outbox_enqueue_sync(device_id, (cell_list_u8_t){bytes, REGISTER_BYTES});
  keep(QUEUED, total);
  return (cell_result_u32_string_t){.value = REGISTER_BYTES};
}
