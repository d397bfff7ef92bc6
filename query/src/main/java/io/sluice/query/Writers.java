package io.sluice.query;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;

/** The Writers of a deployment, as a reader finds them. Any thread may use it. */
public final class Writers implements AutoCloseable {

  private static final Duration STATUS = Duration.ofSeconds(30);
  private static final Duration FLUSH = Duration.ofMinutes(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** Where there are others to turn to. */
  private static final Duration AMONG_OTHERS = Duration.ofSeconds(3);

  private final List<HostPort> addresses;
  private final ChannelCredentials credentials;
  private final BufferAllocator allocator;
  private final Patience patience;
  private final Duration silence;
  private final Map<HostPort, WriterClient> clients = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ask-writer");
            thread.setDaemon(true);
            return thread;
          });

  private Writers(
      List<HostPort> addresses,
      ChannelCredentials credentials,
      BufferAllocator allocator,
      Duration silence) {
    this.addresses = List.copyOf(addresses);
    this.credentials = credentials;
    this.allocator = allocator;
    this.silence = silence;
    this.patience = new Patience(silence);
  }

  /** By plain connections. Connects to nobody yet; the allocator must outlive it. */
  public static Writers at(List<HostPort> addresses, BufferAllocator allocator) {
    return at(addresses, allocator, SILENCE);
  }

  /** The same by other connections. */
  public static Writers at(
      List<HostPort> addresses, ChannelCredentials credentials, BufferAllocator allocator) {
    return new Writers(addresses, credentials, allocator, SILENCE);
  }

  /** The same with another bound on how long a Writer may send nothing. */
  static Writers at(List<HostPort> addresses, BufferAllocator allocator, Duration silence) {
    return new Writers(addresses, InsecureChannelCredentials.create(), allocator, silence);
  }

  /** Where Writers are looked for. */
  public List<HostPort> addresses() {
    return addresses;
  }

  /** What a Writer says of itself. */
  public WriterStatus status(HostPort address) throws ReadException {
    return WriterStatus.parse(client(address).action("status", new byte[0], atMost(STATUS)));
  }

  /** The same of all of them, in the order of the settings, asked side by side. */
  public List<Asked<WriterStatus>> statuses() throws InterruptedException {
    return all(this::status, asked -> false);
  }

  /** Makes a Writer persist all that it has applied of the logs that it leads. */
  public List<Flushed> flush(HostPort address) throws ReadException {
    return Flushed.parse(client(address).action("flush", new byte[0], FLUSH));
  }

  /** The same for one table of a tenant. */
  public List<Flushed> flush(HostPort address, String tenant, Table table) throws ReadException {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    return Flushed.parse(client(address).action("flush", ticket.toJson(), FLUSH));
  }

  /**
   * Takes a hold of a Writer, renews or ends it.
   *
   * @param longest how long it may last, when it is taken
   */
  HoldAnswer hold(HostPort address, String what, String id, Duration longest, Duration wait)
      throws ReadException {
    String body = "{\"do\":\"%s\",\"id\":\"%s\",\"millis\":%d}";
    byte[] asked = body.formatted(what, id, longest.toMillis()).getBytes(StandardCharsets.UTF_8);
    return HoldAnswer.parse(client(address).action("hold", asked, wait));
  }

  /** Makes a Writer take a table that was begun anew; what it did, in a sentence. */
  public String unpark(HostPort address, String tenant, Table table) throws ReadException {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    byte[] answer = client(address).action("unpark", ticket.toJson(), STATUS);
    try {
      return Json.text(Json.object(Json.parse(answer)).get("done"));
    } catch (IOException e) {
      throw new ReadException(
          "cannot read what a Writer did: " + new String(answer, StandardCharsets.UTF_8), e);
    }
  }

  /**
   * All logs of the cluster and who leads them. Writers are asked side by side, and it returns as
   * soon as each log is claimed by its leader: a Writer that is stopped makes nobody wait.
   *
   * @throws ReadException no Writer answers, or they are not of one cluster
   */
  public ClusterLogs logs() throws ReadException, InterruptedException {
    return merged(all(this::logs, Writers::isEnough));
  }

  /** The same with the answers of all Writers that give any: it knows more, and may take longer. */
  public ClusterLogs logsOfAll() throws ReadException, InterruptedException {
    return merged(all(this::logs, asked -> false));
  }

  private WriterLogs logs(HostPort address) throws ReadException {
    return WriterLogs.parse(
        address, client(address).action(WriterClient.LOGS, new byte[0], atMost(STATUS)));
  }

  WriterClient client(HostPort address) {
    return clients.computeIfAbsent(
        address, a -> WriterClient.of(a, credentials, allocator, patience));
  }

  /** How long a Writer may say nothing. */
  Duration silence() {
    return silence;
  }

  /** A question to one Writer. */
  private interface Question<T> {
    T ask(HostPort address) throws ReadException;
  }

  /** Asks all, until all have answered or failed, or what came is enough; in order. */
  private <T> List<Asked<T>> all(Question<T> question, Predicate<List<Asked<T>>> enough)
      throws InterruptedException {
    if (addresses.size() == 1) {
      return List.of(ask(addresses.get(0), question));
    }
    BlockingQueue<Asked<T>> coming = new LinkedBlockingQueue<>();
    addresses.forEach(address -> asking.execute(() -> coming.add(ask(address, question))));
    List<Asked<T>> came = new ArrayList<>();
    while (came.size() < addresses.size() && !enough.test(came)) {
      came.add(coming.take());
      came.sort(Comparator.comparingInt(asked -> addresses.indexOf(asked.address())));
    }
    return came;
  }

  private static <T> Asked<T> ask(HostPort address, Question<T> question) {
    try {
      return new Asked<>(address, question.ask(address), null);
    } catch (ReadException e) {
      return new Asked<>(address, null, e);
    } catch (RuntimeException e) { // as when the connections are closed meanwhile
      return new Asked<>(
          address, null, new ReadException("cannot ask %s: %s".formatted(address, e), e));
    }
  }

  private static boolean isEnough(List<Asked<WriterLogs>> came) {
    List<WriterLogs> answers = answers(came);
    try {
      return !answers.isEmpty() && ClusterLogs.of(answers, Map.of()).isEnough();
    } catch (ReadException e) {
      return false; // it is said when all have answered
    }
  }

  private static ClusterLogs merged(List<Asked<WriterLogs>> came) throws ReadException {
    Map<HostPort, ReadException> away = new LinkedHashMap<>();
    for (Asked<WriterLogs> asked : came) {
      if (asked.failure() != null) {
        away.put(asked.address(), asked.failure());
      }
    }
    List<WriterLogs> answers = answers(came);
    if (!answers.isEmpty()) {
      return ClusterLogs.of(answers, away);
    }
    if (away.isEmpty()) {
      throw new ReadException("cannot find logs: no Writers are configured (SLUICE_WRITERS)", null);
    }
    if (away.size() == 1) {
      throw away.values().iterator().next();
    }
    throw new NoWritersException(List.copyOf(away.values()));
  }

  private static List<WriterLogs> answers(List<Asked<WriterLogs>> came) {
    List<WriterLogs> answers = new ArrayList<>();
    for (Asked<WriterLogs> asked : came) {
      if (asked.answer() != null) {
        answers.add(asked.answer());
      }
    }
    return answers;
  }

  private Duration atMost(Duration alone) {
    Duration time = addresses.size() == 1 ? alone : AMONG_OTHERS;
    return time.compareTo(silence) < 0 ? time : silence;
  }

  @Override
  public void close() {
    asking.shutdownNow();
    clients.values().forEach(WriterClient::close);
    patience.close();
  }
}
