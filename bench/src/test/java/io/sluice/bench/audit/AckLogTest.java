package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.bench.record.Template;
import io.sluice.bench.record.Templates;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckLogTest {

  private static final Shape SPANS = new Shape(Signal.TRACES, 512);
  @TempDir Path directory;

  @Test
  void whatWasNotedIsReadBack() throws IOException {
    Path file = written();
    Ledger ledger = Ledger.read(file);

    assertThat(Files.getPosixFilePermissions(file))
        .as("by its owner alone")
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(ledger.keys().run()).isEqualTo(-2);
    assertThat(ledger.sentRecords()).isEqualTo(1_536);
    assertThat(ledger.ackedRecords()).isEqualTo(1_000);
    assertThat(ledger.find(1, 0).acked()).isEqualTo(488);
    assertThat(ledger.find(0, 1).shape()).isEqualTo(SPANS);
  }

  @Test
  void whatARecordSaysIsReadBack() throws IOException {
    Path file = directory.resolve("content");
    Template template = Templates.of(Set.of(Signal.TRACES), 512, 5, 0).of(Signal.TRACES, 0);
    try (AckLog log = AckLog.create(file, new RunKeys(1))) {
      log.sent(0, 0, template, 1_795_000_000_123_456_789L);
    }
    Sample sample = Sample.of(0, 0, template, 1_795_000_000_123_456_789L);

    assertThat(sample.content().name()).contains(" ");
    assertThat(Ledger.read(file).find(0, 0).sample(sample.ordinal())).isEqualTo(sample);
  }

  @Test
  void aLineCutOffByAKillIsLeftOut() throws IOException {
    Path file = written();
    String text = Files.readString(file);
    for (int cut = 1; cut < "a 1 0 488\n".length(); cut++) {
      Files.writeString(file, text.substring(0, text.length() - cut));

      assertThat(Ledger.read(file).ackedRecords()).as("cut by %d", cut).isEqualTo(512);
    }
  }

  @Test
  void everyLineIsWithTheSystemBeforeTheCallReturns() throws IOException {
    Path file = directory.resolve("acks");
    try (AckLog log = AckLog.create(file, new RunKeys(1))) {
      log.sent(0, 0, SPANS);
      assertThat(Ledger.read(file).sentRecords()).isEqualTo(512);
      log.acked(0, 0, 512);
      assertThat(Ledger.read(file).ackedRecords()).isEqualTo(512);
    }
  }

  @Test
  void aFileIsNeverWrittenOver() throws IOException {
    Path file = written();

    assertThatThrownBy(() -> AckLog.create(file, new RunKeys(3)))
        .hasMessage("cannot write audit file: %s exists (name a new one)", file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x 0 0 1",
        "s 0 5 TRACES 512",
        "s 0 2 SPANS 512",
        "a 0 7 1",
        "a",
        "",
        "a 0 0 many",
        "c 0 0 1 2 cart"
      })
  void aLineThatNobodyWroteIsNamed(String line) throws IOException {
    Path file = written();
    Files.writeString(file, Files.readString(file) + line + "\n");

    assertThatThrownBy(() -> Ledger.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 6: " + line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sluice-acks 1 0000000000000001\n", "traceId,spanId\n"})
  void aFileOfSomethingElseIsRefused(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("other"), content);

    assertThatThrownBy(() -> Ledger.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read audit file: " + file);
  }

  /** Lane 0 acked in full and not at all, lane 1 in part. */
  private Path written() throws IOException {
    Path file = directory.resolve("written");
    try (AckLog log = AckLog.create(file, new RunKeys(-2))) {
      log.sent(0, 0, SPANS);
      log.acked(0, 0, 512);
      log.sent(0, 1, SPANS);
      log.sent(1, 0, SPANS);
      log.acked(1, 0, 488);
    }
    return file;
  }
}
