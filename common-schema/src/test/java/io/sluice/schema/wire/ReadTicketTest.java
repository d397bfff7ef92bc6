package io.sluice.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets come from any Flight client. */
class ReadTicketTest {

  @Test
  void whatIsWrittenIsRead() throws MalformedMessageException {
    ReadTicket ticket =
        new ReadTicket(
            "acme_1",
            Table.METRICS_SUM,
            Map.of(new UUID(1, 2), Long.MAX_VALUE),
            List.of("time", "value"),
            Instant.parse("2026-11-22T00:00:00.123456Z"),
            Instant.parse("2026-11-23T00:00:00Z"),
            true);
    assertThat(ReadTicket.parse(ticket.toJson())).isEqualTo(ticket);
    ReadTicket ofOneLog =
        new ReadTicket(
            "acme_1", Table.LOGS, Map.of(), null, null, null, false, new UUID(3, 4), true);
    assertThat(ReadTicket.parse(ofOneLog.toJson())).isEqualTo(ofOneLog);
  }

  /** An older Writer refuses keys that it does not know. */
  @Test
  void aTicketOfTheOnlyLogIsAsItWasBefore() {
    assertThat(new String(ReadTicket.of(Table.LOGS).toJson(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"v\":1,\"tenant\":\"default\",\"table\":\"logs\",\"after\":{},\"follow\":false}");
  }

  /** No level of it is entered that a ticket does not have, so depth costs nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"table\":", "{\"columns\":[", "{\"after\":", "{\"x\":", ""})
  void nestingIsRefusedWhereItBegins(String before) {
    for (String nested : new String[] {"[", "{\"a\":"}) {
      byte[] json = (before + nested.repeat(100_000)).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> ReadTicket.parse(json))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageStartingWith("cannot read ticket: ");
    }
  }
}
