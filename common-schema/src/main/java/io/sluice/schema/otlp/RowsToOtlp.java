package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Parser;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Turns plain rows, with all columns of their table, back into OTLP. Raw columns win over others.
 * Neighbours with an equal resource, scope or metric share it. Used by one thread.
 */
public final class RowsToOtlp {

  /** AnyValues inside each other, at most: what any reader of rows must be able to read. */
  public static final int MOST_VALUE_LEVELS = 256;

  /** A level has up to three messages, and some are around it; protobuf's default is 100. */
  private static final int MESSAGE_DEPTH = 3 * MOST_VALUE_LEVELS + 16;

  private static final int IN_SCOPE = 2;
  private static final int IN_METRIC_DATA = 1;

  private final Table table;
  private final Attributes attributes = new Attributes();

  public RowsToOtlp(Table table) {
    this.table = table;
  }

  /**
   * The bytes of one Export*ServiceRequest with the rows {@code from..to}.
   *
   * @throws IllegalArgumentException if a column is missing, of another type or unreadable, or if
   *     profiles have different dictionaries: {@link #requests} cuts where they change
   */
  public byte[] request(VectorSchemaRoot rows, int from, int to) {
    Cells row = new Cells(rows.getFieldVectors());
    if (from < to && requestEnd(row, from, to) < to) {
      throw new IllegalArgumentException(
          "cannot turn rows of " + table + " into one request: they have several dictionaries");
    }
    List<Group> path = new ArrayList<>();
    path.add(new Group(new Level(0, from < to ? dictionary(row, from) : ByteString.EMPTY)));
    for (int i = from; i < to; i++) {
      add(path, levels(row, i), record(row, i));
    }
    return bytes(path.get(0));
  }

  static byte[] bytes(Group request) {
    byte[] bytes = new byte[request.size()];
    try {
      request.writeTo(CodedOutputStream.newInstance(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a request to memory", e);
    }
    return bytes;
  }

  /** The same for all rows. */
  public byte[] request(VectorSchemaRoot rows) {
    return request(rows, 0, rows.getRowCount());
  }

  /** All rows in as few requests as there can be: of profiles one for each run of a dictionary. */
  public List<byte[]> requests(VectorSchemaRoot rows) {
    Cells row = new Cells(rows.getFieldVectors());
    List<byte[]> requests = new ArrayList<>();
    for (int from = 0; from < rows.getRowCount(); ) {
      int to = requestEnd(row, from, rows.getRowCount());
      requests.add(request(rows, from, to));
      from = to;
    }
    return requests;
  }

  /** Where the request must end that begins with a row, {@code to} at the latest. */
  private int requestEnd(Cells row, int from, int to) {
    if (table.signal() != Signal.PROFILES) {
      return to;
    }
    ByteString first = dictionary(row, from);
    int end = from + 1;
    while (end < to && dictionary(row, end).equals(first)) {
      end++;
    }
    return end;
  }

  /** What a request has besides its groups. */
  ByteString dictionary(Cells row, int i) {
    return table.signal() == Signal.PROFILES ? Profiles.dictionary(row, i) : ByteString.EMPTY;
  }

  /**
   * A request's message.
   *
   * @throws IOException if protobuf-java refuses the bytes: text that is not UTF-8
   */
  public static <M> M parse(Parser<M> parser, byte[] request) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(request);
    in.setRecursionLimit(MESSAGE_DEPTH);
    return parser.parseFrom(in);
  }

  /** Values whose text did not fit their type letter (a foreign rewrite): taken as strings. */
  public long mismatchedTypes() {
    return attributes.values().mismatches();
  }

  List<Level> levels(Cells row, int i) {
    List<Level> levels = new ArrayList<>();
    levels.add(Groups.resource(row, i, attributes));
    levels.add(Groups.scope(row, i, attributes));
    if (table.signal() == Signal.METRICS) {
      levels.add(Metrics.metric(table, row, i, attributes));
    }
    return levels;
  }

  Level record(Cells row, int i) {
    int field = table.signal() == Signal.METRICS ? IN_METRIC_DATA : IN_SCOPE;
    String raw = table.signal() == Signal.PROFILES ? "profile" : "otlp_raw";
    if (!row.isNull(raw, i)) {
      return new Level(field, row.bytes(raw, i));
    }
    return new Level(
        field,
        switch (table.signal()) {
          case TRACES -> Spans.span(row, i, attributes).toByteString();
          case LOGS -> LogRecords.logRecord(row, i, attributes).toByteString();
          case METRICS -> Points.point(table, row, i, attributes).toByteString();
          case PROFILES ->
              throw new IllegalArgumentException(
                  "cannot turn rows into OTLP: profile of row " + i + " is null");
        });
  }

  /** Leaves the path at the first level that differs, and enters the record's. */
  static void add(List<Group> path, List<Level> levels, Level record) {
    int equal = shared(path, levels);
    path.subList(equal + 1, path.size()).clear();
    for (Level level : levels.subList(equal, levels.size())) {
      path.add(path.get(path.size() - 1).add(level));
    }
    path.get(path.size() - 1).add(record);
  }

  /** How many levels the path has in common with these. */
  static int shared(List<Group> path, List<Level> levels) {
    int equal = 0;
    while (equal < levels.size()
        && equal + 1 < path.size()
        && path.get(equal + 1).level().equals(levels.get(equal))) {
      equal++;
    }
    return equal;
  }
}
