/**
 * OTLP/JSON to protobuf's wire format: token by token, no tree, no recursion, so that one decoder
 * reads both encodings. {@link io.sluice.acceptor.transcode.Transcoder} is the way in. Tables of
 * names and numbers, one class per .proto file, say what the messages are; nothing of protobuf-java
 * is used.
 */
@NullMarked
package io.sluice.acceptor.transcode;

import org.jspecify.annotations.NullMarked;
