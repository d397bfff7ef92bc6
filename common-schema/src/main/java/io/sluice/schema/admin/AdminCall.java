package io.sluice.schema.admin;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request from its head to the last byte of its answer. A thread has it only while its page
 * works; Jetty calls it back, on one thread at a time, as bytes come and go.
 */
final class AdminCall {

  private final AdminHandler handler;
  private final AdminPages.@Nullable Place place;
  private final AdminRequest asked;
  private final AdminConnection connection;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private long received;

  /**
   * @param place where its page is; null if there is none
   */
  AdminCall(
      AdminHandler handler,
      AdminPages.@Nullable Place place,
      AdminRequest asked,
      AdminConnection connection,
      Request request,
      Response response,
      Callback callback) {
    this.handler = handler;
    this.place = place;
    this.asked = asked;
    this.connection = connection;
    this.request = request;
    this.response = response;
    this.callback = callback;
  }

  void begin() {
    AdminAnswer refusal = handler.refusal(place, asked, request);
    if (refusal != null || place == null) {
      refuse(refusal == null ? AdminHandler.tooLarge() : refusal);
    } else {
      read(place);
    }
  }

  /** Throws the body away; a client that is still sending when it is answered may not read that. */
  private void read(AdminPages.Place page) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> readAgain(page));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        callback.failed(chunk.getFailure());
        return;
      }
      received += chunk.getByteBuffer().remaining();
      boolean last = chunk.isLast();
      chunk.release();
      if (received > AdminLimits.MOST_BODY) {
        refuse(AdminHandler.tooLarge());
        return;
      }
      if (last) {
        connection.working();
        if (page.streams() == null || isHead()) {
          send(AdminHandler.answer(page, asked));
        } else {
          stream(page, page.streams());
        }
        return;
      }
    }
  }

  /** Called by Jetty, which would leave the request as it is. */
  private void readAgain(AdminPages.Place page) {
    try {
      read(page);
    } catch (Throwable e) {
      callback.failed(e);
      throw e;
    }
  }

  private void refuse(AdminAnswer refusal) {
    handler.refused(refusal.status());
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    send(refusal);
  }

  private void send(AdminAnswer answer) {
    int size = isHead() ? 0 : answer.body().length;
    if (handler.admits(size)) {
      write(answer, Callback.from(() -> handler.gone(size), sent()));
    } else {
      AdminAnswer busy =
          AdminAnswer.text(
                  HttpStatus.SERVICE_UNAVAILABLE_503,
                  "cannot answer now: too much is on its way to others (ask again)")
              .with("Retry-After", "1");
      handler.refused(busy.status());
      write(busy, sent());
    }
  }

  /** What is answered goes on, until the client has enough of it or may not have it any more. */
  private void stream(AdminPages.Place page, AdminStreams to) {
    AdminAnswer head = AdminHandler.answer(page, asked);
    AdminStream stream =
        new AdminStream(
            response, connection, () -> page.page().refusal(asked) == null, to::gone, callback);
    if (to.admit(stream)) {
      head(head);
      stream.begin(head.body());
    } else {
      AdminAnswer full = AdminStreams.full();
      handler.refused(full.status());
      write(full, sent());
    }
  }

  private Callback sent() {
    return Callback.from(
        () -> {
          connection.quiet();
          callback.succeeded();
        },
        callback::failed);
  }

  private void write(AdminAnswer answer, Callback sent) {
    ByteBuffer body = ByteBuffer.wrap(answer.body());
    HttpFields.Mutable headers = head(answer);
    if (!HttpStatus.hasNoBody(answer.status())) {
      headers.put(HttpHeader.CONTENT_LENGTH, body.remaining());
    }
    connection.answering(body.remaining());
    new Slices(response, isHead() ? ByteBuffer.allocate(0) : body, true, sent).iterate();
  }

  @CanIgnoreReturnValue
  private HttpFields.Mutable head(AdminAnswer answer) {
    HttpFields.Mutable headers = response.getHeaders();
    response.setStatus(answer.status());
    answer.headers().forEach(headers::put);
    headers.put("X-Content-Type-Options", "nosniff");
    if (place == null || !place.forAll()) {
      headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    }
    if (answer.body().length > 0) {
      headers.put(HttpHeader.CONTENT_TYPE, answer.type());
    }
    return headers;
  }

  private boolean isHead() {
    return HttpMethod.HEAD.is(request.getMethod());
  }
}
