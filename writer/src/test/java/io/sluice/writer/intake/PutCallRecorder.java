package io.sluice.writer.intake;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transport's side of a put stream: what was asked for, answered, and how it ended. */
final class PutCallRecorder extends ServerCall<Payload, byte[]> {

  final List<PutAnswer> answers = new ArrayList<>();
  int credits;
  boolean ready = true;
  @Nullable Status status;

  PutAnswer last() {
    return answers.get(answers.size() - 1);
  }

  @Override
  public void request(int messages) {
    credits += messages;
  }

  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public void sendMessage(byte[] message) {
    try {
      answers.add(PutAnswer.parse(ByteBuffer.wrap(message)));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void close(Status end, Metadata trailers) {
    status = end;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public MethodDescriptor<Payload, byte[]> getMethodDescriptor() {
    throw new UnsupportedOperationException();
  }
}
