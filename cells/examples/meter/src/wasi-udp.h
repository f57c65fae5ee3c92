/*
 * What the meter needs of wasi:sockets, by hand: the core functions behind the canonical ABI, and one exchange over them. The shapes are
 * those of wasi.wit beside this file. An address is passed flat: its case, then the fields of the longer case (IPv6), unused ones 0.
 */
#ifndef WASI_UDP_H
#define WASI_UDP_H
#include <chautari/memory.h>

#define WASI(module, name) __attribute__((import_module("wasi:" module "@0.2.3"), import_name(name))) extern
#define ADDRESS int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t

WASI("io/poll", "[method]pollable.block") void pollable_block(int32_t self);
WASI("io/poll", "[resource-drop]pollable") void pollable_drop(int32_t self);
WASI("sockets/network", "[resource-drop]network") void network_drop(int32_t self);
WASI("sockets/instance-network", "instance-network") int32_t instance_network(void);
WASI("sockets/udp-create-socket", "create-udp-socket") void create_udp_socket(int32_t family, void *answer);
WASI("sockets/udp", "[method]udp-socket.start-bind") void socket_start_bind(int32_t self, int32_t network, ADDRESS, void *answer);
WASI("sockets/udp", "[method]udp-socket.finish-bind") void socket_finish_bind(int32_t self, void *answer);
WASI("sockets/udp", "[method]udp-socket.stream") void socket_stream(int32_t self, int32_t some, ADDRESS, void *answer);
WASI("sockets/udp", "[resource-drop]udp-socket") void socket_drop(int32_t self);
WASI("sockets/udp", "[method]incoming-datagram-stream.receive") void incoming_receive(int32_t self, int64_t most, void *answer);
WASI("sockets/udp", "[method]incoming-datagram-stream.subscribe") int32_t incoming_subscribe(int32_t self);
WASI("sockets/udp", "[resource-drop]incoming-datagram-stream") void incoming_drop(int32_t self);
WASI("sockets/udp", "[method]outgoing-datagram-stream.check-send") void outgoing_check_send(int32_t self, void *answer);
WASI("sockets/udp", "[method]outgoing-datagram-stream.send") void outgoing_send(int32_t self, void *list, int32_t count, void *answer);
WASI("sockets/udp", "[resource-drop]outgoing-datagram-stream") void outgoing_drop(int32_t self);

/* Each begins with a byte that is not 0 for an error. */
typedef struct { uint8_t is_error, code; } plain_result;
typedef struct { uint8_t is_error; union { int32_t handle; uint8_t code; }; } handle_result;
typedef struct { uint8_t is_error; union { struct { int32_t incoming, outgoing; }; uint8_t code; }; } streams_result;
typedef struct { uint8_t is_error; union { uint64_t count; uint8_t code; }; } count_result;
typedef struct { const uint8_t *at; size_t bytes; uint8_t family; uint8_t rest[31]; } incoming_datagram;
typedef struct { const uint8_t *at; size_t bytes; uint8_t has_address; uint8_t rest[35]; } outgoing_datagram;
typedef struct { uint8_t is_error; union { struct { incoming_datagram *at; size_t count; }; uint8_t code; }; } datagrams_result;
_Static_assert(sizeof(incoming_datagram) == 40 && sizeof(outgoing_datagram) == 44, "layout");
_Static_assert(sizeof(datagrams_result) == 12 && sizeof(streams_result) == 12 && sizeof(count_result) == 16, "layout");

#endif
