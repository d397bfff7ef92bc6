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
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A result's batches as any client of Arrow can read them: columns of types that only DuckDB has
 * (HUGEINT, UUID, ENUM ...) are text. One thread uses it.
 */
public final class PlainColumns implements AutoCloseable {

  /** A column that is written anew in each batch. */
  private record Rewritten(FieldVector from, @Nullable DuckType type, VarCharVector to) {

    /**
     * Writes the column of a batch.
     *
     * @param dictionaries of this batch
     */
    void fill(int rows, Map<Long, Dictionary> dictionaries) {
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
  private final List<Rewritten> rewritten;

  private PlainColumns(SqlResult result, VectorSchemaRoot root, List<Rewritten> rewritten) {
    this.result = result;
    this.root = root;
    this.rewritten = rewritten;
  }

  /** Of a result that nobody else reads; the allocator must outlive it. */
  public static PlainColumns of(SqlResult result, BufferAllocator allocator) throws SqlException {
    List<Rewritten> rewritten = new ArrayList<>();
    List<FieldVector> vectors = new ArrayList<>();
    for (FieldVector column : result.columns()) {
      DuckType type = DuckType.of(column.getField());
      DictionaryEncoding encoding = column.getField().getDictionary();
      if (type == null && encoding == null) {
        vectors.add(column);
        continue;
      }
      Field field =
          new Field(column.getName(), FieldType.nullable(ArrowType.Utf8.INSTANCE), List.of());
      VarCharVector text = (VarCharVector) field.createVector(allocator);
      rewritten.add(new Rewritten(column, type, text));
      vectors.add(text);
    }
    VectorSchemaRoot root =
        rewritten.isEmpty()
            ? result.root()
            : new VectorSchemaRoot(vectors.stream().map(ValueVector::getField).toList(), vectors);
    return new PlainColumns(result, root, rewritten);
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
    if (!rewritten.isEmpty()) {
      int rows = result.rowCount();
      Map<Long, Dictionary> dictionaries = result.dictionaries();
      rewritten.forEach(column -> column.fill(rows, dictionaries));
      root.setRowCount(rows);
    }
    return true;
  }

  /** Gives back what is its own; the result stays open. */
  @Override
  public void close() {
    rewritten.forEach(column -> column.to().close());
  }
}
