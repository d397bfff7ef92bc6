package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.acceptor.RawConnection;
import io.sluice.acceptor.decode.DecodeLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of clients on the wrong port. */
final class HintsTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(Hints.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  private List<String> said() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void eachKindIsSaidOnceInTenMinutes() {
    AtomicLong now = new AtomicLong();
    Hints hints = new Hints(now::get);
    for (int i = 0; i < 3; i++) {
      hints.say(Hints.GRPC_ON_HTTP);
      hints.say(Hints.TLS_ON_PLAIN);
    }
    assertThat(said()).containsExactly(Hints.GRPC_ON_HTTP, Hints.TLS_ON_PLAIN);
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    hints.say(Hints.GRPC_ON_HTTP);
    assertThat(said()).hasSize(3);
  }

  @Test
  void clientOnTheWrongPortIsNamedAndCounted() throws Exception {
    try (ReceiverHarness harness =
        new ReceiverHarness(ReceiverHarness.LIMITS, DecodeLimits.DEFAULT, ReceiverHarness::store)) {
      for (String bytes :
          new String[] {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001\u0002\0\u0001"}) {
        try (RawConnection raw = new RawConnection(harness.httpPort())) {
          raw.send("", bytes.getBytes(StandardCharsets.ISO_8859_1));
          assertThat(raw.rest()).startsWith("HTTP/1.1 4");
        }
      }
      try (RawConnection raw = new RawConnection(harness.httpPort())) {
        raw.send(
            "POST /v1/traces HTTP/1.1\nHost: x\nContent-Type: application/grpc\n"
                + "Content-Length: 0\n\n");
        assertThat(raw.answer().status()).isEqualTo(415);
      }
      assertThat(said()).contains(Hints.HTTP2_ON_HTTP, Hints.TLS_ON_PLAIN, Hints.GRPC_ON_HTTP);
      assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"wrong_http\""))
          .isEqualTo(2);
      try (RawConnection raw = new RawConnection(harness.grpcPort())) {
        raw.send("POST /v1/traces HTTP/1.1\nHost: x\nContent-Length: 0\n\n");
        assertThat(raw.rest()).doesNotContain("HTTP/1.1 2");
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!said().contains(Hints.HTTP_ON_GRPC)) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
