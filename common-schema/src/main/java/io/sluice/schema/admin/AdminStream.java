package io.sluice.schema.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that goes on, event by event; no thread waits for it. An event that comes while the
 * client has not taken the one before passes it by. Its state is guarded by its monitor; whoever
 * makes it {@code WRITING} writes.
 */
final class AdminStream {

  private enum State {
    IDLE,
    WRITING,
    /** The same, and it is to end behind that. */
    ENDING,
    ENDED
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Response response;
  private final AdminConnection connection;
  private final BooleanSupplier allowed;
  private final Consumer<AdminStream> gone;
  private final Callback callback;

  @GuardedBy("this")
  private State state = State.WRITING;

  /**
   * Nothing is written before {@link #begin}.
   *
   * @param allowed whether its client may have more of it
   * @param gone told when it has ended, however
   */
  AdminStream(
      Response response,
      AdminConnection connection,
      BooleanSupplier allowed,
      Consumer<AdminStream> gone,
      Callback callback) {
    this.response = response;
    this.connection = connection;
    this.allowed = allowed;
    this.gone = gone;
    this.callback = callback;
  }

  /** The headers are there: they go out with the first bytes. */
  void begin(byte[] first) {
    write(first);
  }

  /** False: the client is not ready for it, or it has ended. */
  boolean offer(byte[] event) {
    if (!allowed.getAsBoolean()) {
      end();
      return true;
    }
    synchronized (this) {
      if (state != State.IDLE) {
        return false;
      }
      state = State.WRITING;
    }
    write(event);
    return true;
  }

  /** Ends behind what is being written. */
  void end() {
    synchronized (this) {
      if (state != State.IDLE) {
        state = state == State.WRITING ? State.ENDING : state;
        return;
      }
      state = State.ENDED;
    }
    writeEnd();
  }

  private void write(byte[] event) {
    connection.answering(event.length);
    Callback written = Callback.from(this::written, this::failed);
    new Slices(response, ByteBuffer.wrap(event), false, written).iterate();
  }

  private void written() {
    synchronized (this) {
      if (state != State.ENDING) {
        connection.working(); // before the next event is written
        state = State.IDLE;
        return;
      }
      state = State.ENDED;
    }
    writeEnd();
  }

  private void writeEnd() {
    connection.answering(0);
    response.write(true, NOTHING.duplicate(), Callback.from(this::ended, this::failed));
  }

  private void ended() {
    gone.accept(this);
    connection.quiet();
    callback.succeeded();
  }

  private void failed(Throwable cause) {
    synchronized (this) {
      state = State.ENDED;
    }
    gone.accept(this);
    callback.failed(cause);
  }
}
