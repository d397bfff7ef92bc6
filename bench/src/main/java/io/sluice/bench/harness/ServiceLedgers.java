package io.sluice.bench.harness;

import io.sluice.query.ReadException;
import io.sluice.query.RecordLedger;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * What the services say of where their records went, for each table and each signal: it adds up at
 * any moment, whatever happens to them. One thread at a time.
 */
public final class ServiceLedgers implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern SIGNAL =
      Pattern.compile("\\{\"tenant\":\"\\w+\",\"signal\":\"(\\w+)\"((?:,\"\\w+\":\\d+)+)}");
  private static final Pattern COUNT = Pattern.compile("\"(\\w+)\":(\\d+)");

  private final List<HostPort> addresses;
  private final HttpRequest acceptor;
  private final BufferAllocator allocator = new RootAllocator();
  private final Writers writers;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param acceptor its /status page
   */
  public ServiceLedgers(List<HostPort> writers, URI acceptor) {
    this.addresses = List.copyOf(writers);
    this.acceptor = HttpRequest.newBuilder(acceptor).timeout(PATIENCE).build();
    this.writers = Writers.at(writers, allocator);
  }

  /**
   * Which tables' ledgers do not add up, a sentence each.
   *
   * @throws ReadException a Writer is away
   */
  public List<String> writers() throws ReadException {
    List<String> faults = new ArrayList<>();
    for (int place = 0; place < addresses.size(); place++) {
      faults.addAll(writer(place));
    }
    return faults;
  }

  /**
   * The same of the Writer at this place.
   *
   * @throws ReadException it is away
   */
  public List<String> writer(int place) throws ReadException {
    return faults(writers.status(addresses.get(place)));
  }

  static List<String> faults(WriterStatus status) {
    List<String> faults = new ArrayList<>();
    for (WriterStatus.TableStatus table : status.tables()) {
      if (table.ledger().records().isEmpty() || table.ledger().missing() != 0) {
        faults.add(
            "the Writer's ledger of %s.%s does not add up by %d: %s"
                .formatted(
                    table.tenant(), table.table(), table.ledger().missing(), table.ledger()));
      }
    }
    return faults;
  }

  /**
   * Which signals' ledgers do not add up, a sentence each.
   *
   * @throws IOException the Acceptor is away
   */
  public List<String> acceptor() throws IOException, InterruptedException {
    return faults(http.send(acceptor, HttpResponse.BodyHandlers.ofString()).body());
  }

  static List<String> faults(String page) {
    List<String> faults = new ArrayList<>();
    int signals = 0;
    for (Matcher signal = SIGNAL.matcher(page); signal.find(); signals++) {
      Map<String, Long> counts = new LinkedHashMap<>();
      for (Matcher count = COUNT.matcher(signal.group(2)); count.find(); ) {
        String name = count.group(1);
        counts.put(name.equals("received") ? "taken" : "was " + name, Long.valueOf(count.group(2)));
      }
      long missing = new RecordLedger(counts).missing();
      if (missing != 0) {
        faults.add(
            "the Acceptor's ledger of %s does not add up by %d: %s"
                .formatted(signal.group(1), missing, signal.group()));
      }
    }
    if (signals == 0) {
      faults.add("the Acceptor's status has no ledger: " + page);
    }
    return faults;
  }

  /** Has each Writer persist all that it leads. */
  public void flush() throws ReadException {
    for (HostPort writer : addresses) {
      writers.flush(writer);
    }
  }

  @Override
  public void close() {
    writers.close();
    allocator.close();
  }
}
