package io.sluice.query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A result's batches as any client of Arrow can read them: columns of types that only DuckDB has
 * (HUGEINT, UUID, ENUM ...) are text; those of times have their zone, or not. One thread uses it.
 */
public final class PlainColumns implements AutoCloseable {

  /** A column that is made anew in each batch. */
  private interface Made {
    /**
     * Fills the column of a batch.
     *
     * @param dictionaries of this batch
     */
    void fill(int rows, Map<Long, Dictionary> dictionaries);

    FieldVector to();
  }

  /** The same bytes, of a type without a zone: all times are UTC. */
  private record Unzoned(FieldVector from, FieldVector to) implements Made {
    @Override
    public void fill(int rows, Map<Long, Dictionary> dictionaries) {
      to.loadFieldBuffers(new ArrowFieldNode(rows, from.getNullCount()), from.getFieldBuffers());
    }
  }

  /** Text. */
  private record Rewritten(FieldVector from, @Nullable DuckType type, VarCharVector to)
      implements Made {

    @Override
    public void fill(int rows, Map<Long, Dictionary> dictionaries) {
      DictionaryEncoding encoding = from.getField().getDictionary();
      Dictionary dictionary = encoding == null ? null : dictionaries.get(encoding.getId());
      to.allocateNew(rows);
      for (int i = 0; i < rows; i++) {
        String text = from.isNull(i) ? null : text(i, dictionary);
        if (text != null) {
          to.setSafe(i, text.getBytes(StandardCharsets.UTF_8));
        }
      }
      to.setValueCount(rows);
    }

    private @Nullable String text(int row, @Nullable Dictionary dictionary) {
      Object value = from.getObject(row);
      if (dictionary != null) {
        ValueVector values = dictionary.getVector();
        return String.valueOf(values.getObject(((Number) value).intValue()));
      }
      return type == null ? null : type.text((byte[]) value);
    }
  }

  private final SqlResult result;
  private final VectorSchemaRoot root;
  private final List<Made> made;

  private PlainColumns(SqlResult result, VectorSchemaRoot root, List<Made> made) {
    this.result = result;
    this.root = root;
    this.made = made;
  }

  /**
   * Of a result that nobody else reads.
   *
   * @param allocator must outlive it
   * @param zones whether times that have a zone, which is UTC, say so
   */
  public static PlainColumns of(SqlResult result, BufferAllocator allocator, boolean zones)
      throws SqlException {
    List<Made> made = new ArrayList<>();
    List<FieldVector> vectors = new ArrayList<>();
    for (FieldVector column : result.columns()) {
      DuckType type = DuckType.of(column.getField());
      DictionaryEncoding encoding = column.getField().getDictionary();
      if (!zones
          && column.getField().getType() instanceof ArrowType.Timestamp time
          && time.getTimezone() != null) {
        ArrowType plain = new ArrowType.Timestamp(time.getUnit(), null);
        Field field = new Field(column.getName(), FieldType.nullable(plain), List.of());
        Unzoned unzoned = new Unzoned(column, field.createVector(allocator));
        made.add(unzoned);
        vectors.add(unzoned.to());
        continue;
      }
      if (type == null && encoding == null) {
        vectors.add(column);
        continue;
      }
      Field field =
          new Field(column.getName(), FieldType.nullable(ArrowType.Utf8.INSTANCE), List.of());
      VarCharVector text = (VarCharVector) field.createVector(allocator);
      made.add(new Rewritten(column, type, text));
      vectors.add(text);
    }
    VectorSchemaRoot root =
        made.isEmpty()
            ? result.root()
            : new VectorSchemaRoot(vectors.stream().map(ValueVector::getField).toList(), vectors);
    return new PlainColumns(result, root, made);
  }

  public Schema schema() {
    return root.getSchema();
  }

  /** The current batch; the same object for all of them. */
  public VectorSchemaRoot root() {
    return root;
  }

  /**
   * Goes to the next batch.
   *
   * @throws ReadException a Writer failed while its rows were read: what came so far is not whole
   * @throws SqlException DuckDB failed
   */
  public boolean next() throws SqlException, ReadException {
    if (!result.next()) {
      return false;
    }
    if (!made.isEmpty()) {
      int rows = result.rowCount();
      Map<Long, Dictionary> dictionaries = result.dictionaries();
      made.forEach(column -> column.fill(rows, dictionaries));
      root.setRowCount(rows);
    }
    return true;
  }

  /** Gives back what is its own; the result stays open. */
  @Override
  public void close() {
    made.forEach(column -> column.to().close());
  }
}
