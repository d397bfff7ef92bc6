package io.sluice.writer.apply;

import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.writer.buffer.StreamHead;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/**
 * The heads of a log's streams, parsed once: records of one stream share one array. Not
 * thread-safe.
 */
final class StreamHeads {

  private static final int MOST = 256;

  private final IdentityHashMap<byte[], StreamHead> parsed = new IdentityHashMap<>();

  StreamHead of(byte[] stream) throws MalformedMessageException {
    StreamHead head = parsed.get(stream);
    if (head == null) {
      head = StreamHead.parse(ByteBuffer.wrap(stream));
      if (parsed.size() == MOST) {
        parsed.clear();
      }
      parsed.put(stream, head);
    }
    return head;
  }
}
