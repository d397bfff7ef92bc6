package io.sluice.schema.admin;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Answers that go on: all get the same events, as far as they keep up. A client that does not take
 * an event for as long as an answer may take is cut off, as with other answers. Safe for any
 * thread.
 *
 * <pre>
 * sluice.admin.streams            open now
 * sluice.admin.streams.refused    there were as many as may be
 * sluice.admin.streams.passed     events that passed a client by, which had not taken the one before
 * </pre>
 */
public final class AdminStreams {

  /** At a time; a browser has up to six of them. */
  static final int MOST = 16;

  /** How each begins: a line that means nothing, so that the client has the headers. */
  static final AdminAnswer HEAD =
      new AdminAnswer(
          HttpStatus.OK_200,
          "text/event-stream; charset=utf-8",
          ":\n\n".getBytes(StandardCharsets.UTF_8),
          Map.of("X-Accel-Buffering", "no")); // of proxies that keep answers back

  private final Set<AdminStream> open = ConcurrentHashMap.newKeySet();
  private final LongAdder refused;
  private final LongAdder passed;
  private boolean ended; // guarded by this

  AdminStreams(Telemetry telemetry) {
    telemetry.gauge("sluice.admin.streams", Attributes.empty(), open::size);
    refused = telemetry.counter("sluice.admin.streams.refused", Attributes.empty());
    passed = telemetry.counter("sluice.admin.streams.passed", Attributes.empty());
  }

  /** Whether there is anybody who gets events. */
  public boolean isWatched() {
    return !open.isEmpty();
  }

  /** To all; does not wait for any of them. */
  public void send(byte[] event) {
    for (AdminStream stream : open) {
      if (!stream.offer(event)) {
        passed.increment();
      }
    }
  }

  /** False if there are as many as may be. */
  synchronized boolean admit(AdminStream stream) {
    if (ended || open.size() >= MOST) {
      refused.increment();
      return false;
    }
    return open.add(stream);
  }

  static AdminAnswer full() {
    return AdminAnswer.text(
            HttpStatus.SERVICE_UNAVAILABLE_503,
            "cannot open another stream: there are %d (close one, or ask /page.json)"
                .formatted(MOST))
        .with("Retry-After", "5");
  }

  void gone(AdminStream stream) {
    open.remove(stream);
  }

  /** Ends all of them, and takes no more. */
  synchronized void end() {
    ended = true;
    open.forEach(AdminStream::end);
  }
}
