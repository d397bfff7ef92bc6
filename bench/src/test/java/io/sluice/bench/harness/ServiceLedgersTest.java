package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.query.RecordLedger;
import io.sluice.query.WriterStatus;
import io.sluice.query.WriterStatus.LogStatus;
import io.sluice.query.WriterStatus.TableStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceLedgersTest {

  private static final Map<String, Long> RIGHT =
      Map.of("taken", 5L, "replayed", 2L, "hot", 3L, "persisted", 4L);

  @Test
  void aWritersLedgerAddsUpIfWhatCameIsSomewhere() {
    assertThat(faults(RIGHT, RIGHT)).isEmpty();
    assertThat(faults(RIGHT, Map.of("taken", 5L, "replayed", 2L, "hot", 3L, "parked", 3L)))
        .singleElement()
        .asString()
        .startsWith("the Writer's ledger of default.logs does not add up by 1: ");
    assertThat(faults(Map.of("taken", 5L, "hot", 6L), RIGHT))
        .singleElement()
        .asString()
        .startsWith("the Writer's ledger of default.traces does not add up by -1: ");
  }

  @Test
  void aWriterThatTellsNoneIsAFault() {
    assertThat(faults(RIGHT, Map.of())).hasSize(1);
  }

  @Test
  void anAcceptorsLedgerAddsUpIfAllThatWasReceivedWasAnsweredOrIsInFlight() {
    assertThat(ServiceLedgers.faults(page(10, 4, 1))).isEmpty();
    assertThat(ServiceLedgers.faults(page(10, 4, 0)))
        .singleElement()
        .asString()
        .startsWith("the Acceptor's ledger of logs does not add up by 1: ");
    assertThat(ServiceLedgers.faults("{}")).hasSize(1);
  }

  private static String page(long received, long taken, long inFlight) {
    return """
        {"v":1,"requestsInFlight":0,"ledger":[\
        {"tenant":"default","signal":"traces","received":3,"taken":3,"rejected":0,"empty":0,"refused":0,"inFlight":0},\
        {"tenant":"shop","signal":"logs","received":%d,"taken":%d,"rejected":2,"empty":1,"refused":2,"inFlight":%d}]}
        """
        .formatted(received, taken, inFlight);
  }

  private static List<String> faults(Map<String, Long> traces, Map<String, Long> logs) {
    RecordLedger all = new RecordLedger(Map.of());
    return ServiceLedgers.faults(
        new WriterStatus(
            "writer-0",
            null,
            -1,
            List.of(new LogStatus(0, "id", true, 1, 7, 1, 2, -1)),
            List.of(table("traces", traces), table("logs", logs)),
            all,
            "{}"));
  }

  private static TableStatus table(String name, Map<String, Long> ledger) {
    return new TableStatus("default", name, 0, 5, 2048, 2, 6, new RecordLedger(ledger), null);
  }
}
