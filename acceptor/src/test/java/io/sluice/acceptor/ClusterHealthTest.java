package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a load balancer is told of an Acceptor of a cluster. */
@Timeout(300)
final class ClusterHealthTest {

  @Test
  void servesWhileAnyWriterIsReachable() throws Exception {
    FakeCluster cluster = new FakeCluster(3, 1);
    RunningAcceptor acceptor =
        new RunningAcceptor(cluster.writer(0), "--writers=" + cluster.list());
    ManagedChannel channel = acceptor.channel();
    try {
      acceptor.awaitHealth(ServingStatus.SERVING);
      cluster.writer(0).stop();
      cluster.writer(2).stop();
      cluster.elect(0, 1);
      for (int i = 0; i < 20; i++) { // it has noticed
        TraceServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .export(spans(1, i));
      }
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
      assertThat(acceptor.admin("/readyz")).contains("ready");
      cluster.writer(1).stop();
      acceptor.awaitHealth(ServingStatus.NOT_SERVING);
      assertThat(acceptor.admin("/readyz")).contains("no connection to a Writer");
      cluster.writer(2).restart();
      acceptor.awaitHealth(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
      acceptor.close();
      cluster.close();
    }
  }
}
