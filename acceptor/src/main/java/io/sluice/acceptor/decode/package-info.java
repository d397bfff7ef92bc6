/**
 * OTLP's wire format (protobuf) read straight into Arrow columns: one pass, no message objects.
 * {@link io.sluice.acceptor.decode.RequestDecoder} is the way in; inside, request, groups and
 * records follow the protos, a method per message, fields in the order of the .proto file.
 */
@NullMarked
package io.sluice.acceptor.decode;

import org.jspecify.annotations.NullMarked;
