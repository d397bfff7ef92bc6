package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.schema.wire.ReadTicket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of all spans of {@code default.traces}, as a stock client reads them: the table and
 * its marks, then what the Writer has after those, then the files.
 *
 * @param refused why they cannot be read; null if they were
 * @param refusedOnTheWay the Writer ended a follower before it had all that it asked for
 */
record StormRows(List<Integer> numbers, @Nullable String refused, boolean refusedOnTheWay) {

  private static final String MARK = "sluice.position.";

  static Table load(Lake lake) {
    return lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }

  /**
   * @param table as it was loaded, now or a while ago
   * @param follows take rows as they come until there are {@code enough} with those of the files
   */
  static StormRows read(
      Table table, BufferAllocator allocator, int port, boolean follows, IntSupplier enough)
      throws Exception {
    List<Integer> numbers = new ArrayList<>();
    boolean cut = false;
    try (FlightClient client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port)).build()) {
      Snapshot snapshot = table.currentSnapshot();
      int persisted =
          snapshot == null ? 0 : Integer.parseInt(snapshot.summary().get("total-records"));
      try (FlightStream stream = client.getStream(ticket(table, follows))) {
        stream.getSchema();
        try {
          while ((!follows || persisted + numbers.size() < enough.getAsInt()) && stream.next()) {
            take(stream, numbers);
          }
        } catch (FlightRuntimeException e) {
          if (!follows) {
            throw e;
          }
          cut = true;
        }
      }
      if (snapshot != null) {
        files(table, snapshot, numbers);
      }
      return new StormRows(numbers, null, cut);
    } catch (FlightRuntimeException e) {
      requireClear(e);
      return new StormRows(List.of(), String.valueOf(e.getMessage()), false);
    } catch (NotFoundException e) {
      return new StormRows(List.of(), String.valueOf(e.getMessage()), false);
    }
  }

  private static void requireClear(FlightRuntimeException e) {
    FlightStatusCode code = e.status().code();
    if (code != FlightStatusCode.UNAVAILABLE && code != FlightStatusCode.CANCELLED) {
      throw new AssertionError("not a refusal that a client can act on", e);
    }
  }

  private static Ticket ticket(Table table, boolean follows) {
    Map<UUID, Long> marks = new HashMap<>();
    table
        .properties()
        .forEach(
            (key, value) -> {
              if (key.startsWith(MARK)) {
                marks.put(UUID.fromString(key.substring(MARK.length())), Long.valueOf(value));
              }
            });
    return new Ticket(
        new ReadTicket(
                "default",
                io.sluice.schema.table.Table.TRACES,
                marks,
                List.of("name"),
                null,
                null,
                follows)
            .toJson());
  }

  private static void take(FlightStream stream, List<Integer> numbers) {
    FieldVector names = stream.getRoot().getVector("name");
    for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
      numbers.add(number(names.getObject(row)));
    }
  }

  private static void files(Table table, Snapshot snapshot, List<Integer> numbers)
      throws Exception {
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).useSnapshot(snapshot.snapshotId()).select("name").build()) {
      records.forEach(record -> numbers.add(number(record.getField("name"))));
    }
  }

  private static int number(Object name) {
    return Integer.parseInt(name.toString().substring("span ".length()));
  }
}
