package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Puts as an Acceptor sends them, by flight-core's own client. */
final class FlightPuts {

  /** One message of spans on a stream of its own, and its answer. */
  static PutAnswer spans(
      FlightClient client,
      BufferAllocator allocator,
      String tenant,
      PutMetadata metadata,
      VectorSchemaRoot root)
      throws Exception {
    return spans(client, allocator, 0, tenant, metadata, root);
  }

  /** The same to another of the cluster's logs. */
  static PutAnswer spans(
      FlightClient client,
      BufferAllocator allocator,
      int log,
      String tenant,
      PutMetadata metadata,
      VectorSchemaRoot root)
      throws Exception {
    List<PutAnswer> answers = new ArrayList<>();
    AsyncPutListener listener =
        new AsyncPutListener() {
          @Override
          public void onNext(PutResult result) {
            try {
              ArrowBuf bytes = result.getApplicationMetadata();
              answers.add(PutAnswer.parse(bytes.nioBuffer(0, (int) bytes.readableBytes())));
            } catch (Exception e) {
              onError(e);
            }
          }
        };
    FlightClient.ClientStreamListener stream =
        client.startPut(
            FlightDescriptor.path(Integer.toString(log), tenant, "traces"), root, listener);
    byte[] bytes = metadata.toBytes();
    ArrowBuf buffer = allocator.buffer(bytes.length);
    buffer.writeBytes(bytes);
    stream.putNext(buffer);
    stream.completed();
    stream.getResult();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private FlightPuts() {}
}
