package io.sluice.writer.buffer;

import io.sluice.schema.wire.MalformedMessageException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;

/**
 * Whether rows are such that every reader of the table takes them: no null where the schema has
 * none, text that is UTF-8, each key of a map once. One row that is not would make its table
 * unreadable, or never to be persisted. The rows must have passed {@link VectorCheck}.
 *
 * <p>For messages before they are appended, and only there: what is in the log is not judged again,
 * since a rule that became stricter would stop its replay.
 */
public final class ContentCheck {

  /**
   * @throws MalformedMessageException it can never be stored
   */
  public static void check(LoadedBatch batch) throws MalformedMessageException {
    check(batch.root().getFieldVectors());
  }

  private static void check(List<FieldVector> vectors) throws MalformedMessageException {
    for (FieldVector vector : vectors) {
      check(vector);
    }
  }

  private static void check(FieldVector vector) throws MalformedMessageException {
    if (!(vector instanceof RunEndEncodedVector)) { // that one has no validity of its own
      int nulls = vector.getField().isNullable() ? 0 : vector.getNullCount();
      if (nulls > 0) {
        throw bad(vector, "has %d nulls, expected none".formatted(nulls));
      }
    }
    if (vector instanceof VarCharVector texts) {
      if (!Utf8Check.isValid(texts)) {
        throw bad(vector, "is not UTF-8");
      }
      return;
    }
    check(vector.getChildrenFromFields());
    if (vector instanceof MapVector map && !MapKeys.areDistinct(map)) {
      throw bad(vector, "has a key twice in one map");
    }
  }

  private static MalformedMessageException bad(FieldVector vector, String what) {
    return new MalformedMessageException(
        "cannot take batch: %s %s".formatted(vector.getField().getName(), what));
  }

  private ContentCheck() {}
}
