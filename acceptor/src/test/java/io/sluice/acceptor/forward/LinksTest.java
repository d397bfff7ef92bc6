package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureChannelCredentials;
import io.sluice.acceptor.FakeWriter;
import io.sluice.schema.service.HostPort;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class LinksTest {

  /** Whatever Writers name. */
  @Test
  void connectionsToWhoWasNamedAreBoundedAndTheConfiguredStay() throws Exception {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try (FakeWriter writer = new FakeWriter();
        Links links =
            new Links(
                List.of(writer.address()), InsecureChannelCredentials.create(), timer, () -> {})) {
      WriterLink configured = links.to(writer.address());
      HostPort used = new HostPort("127.0.0.1", 1);
      WriterLink often = links.to(used);
      for (int i = 2; i < 200; i++) {
        links.to(new HostPort("127.0.0.1", i));
        assertThat(links.to(used)).isSameAs(often);
        assertThat(links.all()).hasSizeLessThanOrEqualTo(1 + Links.MOST_NAMED);
      }
      assertThat(links.to(writer.address())).isSameAs(configured);
      while (!links.reachable(writer.address())) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(links.reachable(used)).isFalse();
      links.close();
      assertThat(links.to(used)).isNull();
    } finally {
      timer.shutdownNow();
    }
  }
}
