package io.sluice.schema.admin;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/** A body in slices: the JDK keeps a copy, outside the heap, of as much as is written at once. */
final class Slices extends IteratingCallback {

  private static final int SLICE = 64 << 10;

  private final Response response;
  private final ByteBuffer body;
  private final boolean ends;
  private final Callback sent;
  private boolean last;

  /**
   * @param ends whether the response ends with it
   */
  Slices(Response response, ByteBuffer body, boolean ends, Callback sent) {
    this.response = response;
    this.body = body;
    this.ends = ends;
    this.sent = sent;
  }

  @Override
  protected Action process() {
    if (last) {
      return Action.SUCCEEDED;
    }
    int size = Math.min(SLICE, body.remaining());
    ByteBuffer slice = body.slice(body.position(), size);
    body.position(body.position() + size);
    last = !body.hasRemaining();
    response.write(last && ends, slice, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    sent.succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable failure) {
    sent.failed(failure);
  }
}
