package io.sluice.writer.buffer;

import io.sluice.schema.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/** The head of a message that is a record batch whose buffers are as they are. */
final class BatchHeader {

  /**
   * @param bytes read in place, as long as the result is used
   * @throws MalformedMessageException it is of something else
   */
  static RecordBatch of(ByteBuffer bytes) throws MalformedMessageException {
    try {
      Message message = Message.getRootAsMessage(bytes.slice());
      if (message.headerType() != MessageHeader.RecordBatch
          || !(message.header(new RecordBatch()) instanceof RecordBatch batch)) {
        throw new MalformedMessageException("cannot load batch: the message is no record batch");
      }
      if (batch.compression() != null) {
        throw new MalformedMessageException("cannot load batch: its buffers are compressed");
      }
      return batch;
    } catch (RuntimeException e) { // flatbuffers follow unchecked offsets: those outside throw
      throw new MalformedMessageException("cannot load batch: unreadable header: " + e);
    }
  }

  /** How many rows it says it has. */
  static long rows(ByteBuffer bytes) throws MalformedMessageException {
    RecordBatch header = of(bytes);
    try {
      return header.length();
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedMessageException("cannot load batch: unreadable header: " + e);
    }
  }

  private BatchHeader() {}
}
