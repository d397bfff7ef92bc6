package io.sluice.writer;

import io.grpc.ChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.schema.service.HostPort;
import io.sluice.writer.raft.Neighbour;
import io.sluice.writer.raft.RaftMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other Writers of the cluster, as they answer over Flight. One thread uses it. */
final class Neighbours implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
  private static final long ANSWER_MILLIS = 2_000;
  private static final int MOST_BYTES = 16 << 20;

  private final List<HostPort> writers;
  private final int self;
  private final ChannelCredentials credentials;
  private final BufferAllocator allocator;
  private final Map<Integer, FlightClient> clients = new HashMap<>();

  /**
   * @param writers all of the cluster's, by ordinal
   * @param credentials by which they are reached
   */
  Neighbours(
      List<HostPort> writers, int self, ChannelCredentials credentials, BufferAllocator allocator) {
    this.writers = List.copyOf(writers);
    this.self = self;
    this.credentials = credentials;
    this.allocator = allocator;
  }

  /** What those say that answer, by ordinal. */
  Map<Integer, Neighbour> ask() {
    Map<Integer, Neighbour> answers = new HashMap<>();
    for (int i = 0; i < writers.size(); i++) {
      if (i != self) {
        try {
          Neighbour neighbour = NeighbourJson.parse(ask(i, "logs", new byte[0], ANSWER_MILLIS));
          requirePlace(i, neighbour.self());
          answers.put(i, neighbour);
        } catch (IOException e) {
          LOG.debug("Writer {} does not answer", writers.get(i), e);
        }
      }
    }
    return answers;
  }

  private void requirePlace(int ordinal, RaftMember found) throws IOException {
    if (!found.writer().endsWith("-" + ordinal)) {
      LOG.warn(
          "cannot take {} for a neighbour: it is {}, and in writers it is number {} (is writers the same for all?)",
          writers.get(ordinal),
          found.writer(),
          ordinal);
      throw new IOException("not the Writer that is looked for");
    }
  }

  /**
   * Asks one of them to do something.
   *
   * @throws IOException it does not answer in time, or refuses, and why
   */
  byte[] ask(int ordinal, String action, byte[] body, long millis) throws IOException {
    FlightClient client = clients.computeIfAbsent(ordinal, this::client);
    try {
      Iterator<Result> results =
          client.doAction(
              new Action(action, body), CallOptions.timeout(millis, TimeUnit.MILLISECONDS));
      List<Result> all = new ArrayList<>();
      results.forEachRemaining(all::add);
      if (all.isEmpty()) {
        throw new IOException("Writer %s gave no answer".formatted(writers.get(ordinal)));
      }
      return all.get(0).getBody();
    } catch (FlightRuntimeException e) {
      throw new IOException(
          "Writer %s says: %s".formatted(writers.get(ordinal), e.status().description()), e);
    }
  }

  private FlightClient client(int ordinal) {
    HostPort at = writers.get(ordinal);
    return FlightGrpcUtils.createFlightClient(
        allocator,
        NettyChannelBuilder.forAddress(at.host(), at.port(), credentials)
            .maxInboundMessageSize(MOST_BYTES)
            .maxTraceEvents(0)
            .build());
  }

  @Override
  public void close() throws InterruptedException {
    for (FlightClient client : clients.values()) {
      client.close();
    }
  }
}
