package io.sluice.writer.sim;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.writer.intake.Intake;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The transport's side of a put stream into a Writer's intake. */
final class PutCall<T> extends ServerCall<T, byte[]> {

  private final ServerMethodDefinition<T, byte[]> method;
  private final Consumer<PutAnswer> answers;
  private final Listener<T> listener;

  private PutCall(ServerMethodDefinition<T, byte[]> method, Consumer<PutAnswer> answers) {
    this.method = method;
    this.answers = answers;
    this.listener = method.getServerCallHandler().startCall(this, new Metadata());
  }

  /**
   * @param head the first message
   * @param answers told of each answer, as it is sent
   */
  @SuppressWarnings("unchecked") // answers are bytes
  static PutCall<?> open(Intake intake, byte[] head, Consumer<PutAnswer> answers) {
    PutCall<?> call = of((ServerMethodDefinition<?, byte[]>) intake.method("put"), answers);
    call.send(head);
    return call;
  }

  private static <T> PutCall<T> of(
      ServerMethodDefinition<T, byte[]> method, Consumer<PutAnswer> answers) {
    return new PutCall<>(method, answers);
  }

  void send(byte[] message) {
    listener.onMessage(
        method.getMethodDescriptor().parseRequest(new ByteArrayInputStream(message)));
  }

  /** Nobody listens any more. */
  void cancel() {
    listener.onCancel();
  }

  @Override
  public void sendMessage(byte[] message) {
    try {
      answers.accept(PutAnswer.parse(ByteBuffer.wrap(message)));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    throw new Violation("a put stream was ended: %s", status);
  }

  @Override
  public void request(int messages) {}

  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public MethodDescriptor<T, byte[]> getMethodDescriptor() {
    return method.getMethodDescriptor();
  }
}
