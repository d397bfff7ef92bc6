package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows, in the order in which they come, into export requests of bounded size: the same rows
 * into the same requests, whatever batches they come in. Used by one thread.
 */
public final class RequestCutter {

  /**
   * Of a field that no request has: receivers pass over what they do not know. It tells apart
   * requests whose records are alike, which a receiver that drops repeats would take for one; and
   * says that equal bytes are one request sent again, whatever its records say of themselves.
   */
  public static final int LABEL_FIELD = 21_324;

  private final int mostRecords;
  private final long mostBytes;
  private final RowsToOtlp rowsToOtlp;
  private final List<Group> path = new ArrayList<>();
  private @Nullable VectorSchemaRoot source;
  private Cells row = new Cells(List.of());
  private SharedColumns shared = SharedColumns.NONE;
  private List<Level> levels = List.of();
  private ByteString dictionary = ByteString.EMPTY;
  private int records;
  private long bytes;
  private boolean full;

  /**
   * @param mostRecords in a request
   * @param mostBytes of a request, but for one whose only record is larger
   */
  public RequestCutter(Table table, int mostRecords, long mostBytes) {
    this.rowsToOtlp = new RowsToOtlp(table);
    this.mostRecords = mostRecords;
    this.mostBytes = mostBytes;
  }

  /**
   * Adds rows to the request until it is full.
   *
   * @param rows plain, with all columns of the table
   * @return the first row that is not in it; {@code rows.getRowCount()} if it may take more
   * @throws IllegalArgumentException if a column is missing, of another type or unreadable
   */
  public int add(VectorSchemaRoot rows, int from) {
    if (source != rows) {
      source = rows;
      row = new Cells(rows.getFieldVectors());
      shared = SharedColumns.of(rows);
    }
    for (int i = from; i < rows.getRowCount(); i++) {
      if (full || !add(i)) {
        full = true;
        return i;
      }
    }
    return rows.getRowCount();
  }

  private boolean add(int i) {
    ByteString own = rowsToOtlp.dictionary(row, i);
    if (path.isEmpty()) {
      dictionary = own;
      path.add(new Group(new Level(0, own)));
      bytes = own.size();
    } else if (records == mostRecords || !own.equals(dictionary)) {
      return false;
    }
    if (i == 0 || levels.isEmpty() || !shared.same(i - 1, i)) {
      levels = rowsToOtlp.levels(row, i);
    }
    Level record = rowsToOtlp.record(row, i);
    long more = record.bound();
    for (Level level : levels.subList(RowsToOtlp.shared(path, levels), levels.size())) {
      more += level.bound();
    }
    if (records > 0 && bytes + more > mostBytes) {
      return false;
    }
    RowsToOtlp.add(path, levels, record);
    bytes += more;
    records++;
    return true;
  }

  /** How many records the request has so far. */
  public int records() {
    return records;
  }

  /**
   * The request with what was added, and begins the next one.
   *
   * @param label tells it apart from requests with equal records; ASCII
   */
  public byte[] take(String label) {
    Group request =
        path.isEmpty()
            ? new Group(new Level(0, ByteString.EMPTY))
            : labelled(path.get(0), field(label));
    path.clear();
    records = 0;
    bytes = 0;
    full = false;
    return RowsToOtlp.bytes(request);
  }

  private Group labelled(Group request, ByteString label) {
    return request.with(new Level(0, dictionary, null, label));
  }

  private static ByteString field(String label) {
    byte[] text = label.getBytes(StandardCharsets.US_ASCII);
    ByteString.Output field = ByteString.newOutput(text.length + 16);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(field);
      out.writeTag(LABEL_FIELD, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeByteArrayNoTag(text);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a label to memory", e);
    }
    return field.toByteString();
  }

  /** Values whose text did not fit their type letter (a foreign rewrite): taken as strings. */
  public long mismatchedTypes() {
    return rowsToOtlp.mismatchedTypes();
  }
}
