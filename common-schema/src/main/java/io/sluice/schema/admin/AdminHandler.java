package io.sluice.schema.admin;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.CallerHeader;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a request by its head, then lets its page answer. Whoever is refused is told at once, its
 * body unread.
 *
 * <pre>
 * sluice.admin.requests.refused    by code
 * </pre>
 */
final class AdminHandler extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  /** A 404 would end a client of the catalog, and leave a browser with it; this one asks again. */
  private static final AdminAnswer NOT_YET =
      new AdminAnswer(
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "text/plain; charset=utf-8",
          "starting: there is no such page yet (ask again)\n".getBytes(StandardCharsets.UTF_8),
          Map.of("Retry-After", "1", "Refresh", "1"));

  private final AdminPages pages;
  private final BooleanSupplier starting;
  private final OwnNames names;
  private final Telemetry telemetry;
  private final AtomicLong onTheirWay = new AtomicLong();

  /**
   * @param starting whether pages may still be added
   */
  AdminHandler(AdminPages pages, BooleanSupplier starting, OwnNames names, Telemetry telemetry) {
    this.pages = pages;
    this.starting = starting;
    this.names = names;
    this.telemetry = telemetry;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    AdminRequest asked =
        new AdminRequest(
            request.getMethod(),
            String.valueOf(request.getHttpURI().getPath()),
            request.getHttpURI().getQuery(),
            CallerHeader.only(request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION)),
            request.getHeaders().get(HttpHeader.IF_NONE_MATCH));
    AdminPages.Place place = pages.at(asked.path());
    AdminConnection connection = AdminConnection.of(request);
    connection.begun();
    new AdminCall(this, place, asked, connection, request, response, callback).begin();
    return true;
  }

  /** Judged by the head; null: nothing stands in the way. */
  @Nullable AdminAnswer refusal(
      AdminPages.@Nullable Place place, AdminRequest asked, Request request) {
    if (place == null) {
      return starting.getAsBoolean()
          ? NOT_YET
          : AdminAnswer.text(HttpStatus.NOT_FOUND_404, "cannot answer: there is no such page");
    }
    if (!place.forAll() && !names.has(request.getHeaders().get(HttpHeader.HOST))) {
      return AdminAnswer.text(
          HttpStatus.MISDIRECTED_REQUEST_421,
          "cannot answer by this name: without tokens these pages are shown by this machine's own names alone (ask localhost or an address, or give access.file)");
    }
    String several =
        CallerHeader.AUTHORIZATION.refusal(
            request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION));
    if (!place.forAll() && several != null) {
      return AdminAnswer.text(HttpStatus.BAD_REQUEST_400, several);
    }
    AdminAnswer refusal = place.page().refusal(asked);
    if (refusal != null) {
      return refusal;
    }
    return request.getLength() > AdminLimits.MOST_BODY ? tooLarge() : null;
  }

  static AdminAnswer tooLarge() {
    return AdminAnswer.text(
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "cannot take the request: no page takes a body of more than %d bytes"
            .formatted(AdminLimits.MOST_BODY));
  }

  /** The page's answer, whatever it throws. */
  static AdminAnswer answer(AdminPages.Place place, AdminRequest asked) {
    try {
      return place.page().answer(asked);
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot answer {}", asked.path(), e);
      return AdminAnswer.text(
          HttpStatus.INTERNAL_SERVER_ERROR_500, "cannot answer: it failed (the log says why)");
    }
  }

  /**
   * Whether there is room for a large answer beside those that are on their way, to clients that
   * may be slow; then it has to be {@link #gone}.
   */
  boolean admits(int bytes) {
    if (bytes <= AdminLimits.LARGE_ANSWER) {
      return true;
    }
    if (onTheirWay.addAndGet(bytes) <= AdminLimits.MOST_ANSWERS || onTheirWay.get() == bytes) {
      return true;
    }
    onTheirWay.addAndGet(-bytes);
    return false;
  }

  void gone(int bytes) {
    if (bytes > AdminLimits.LARGE_ANSWER) {
      onTheirWay.addAndGet(-bytes);
    }
  }

  void refused(int status) {
    telemetry
        .counter("sluice.admin.requests.refused", Attributes.builder().put("code", status).build())
        .increment();
  }
}
