package io.sluice.lake;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.SortOrderComparators;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Sorted files with anything in every column: nulls, NaN, negative longs, bytes, maps, lists. */
final class RandomRows {

  static DataFile file(FileTarget target, LocalDate day, Random random, int count)
      throws Exception {
    return file(target, day, random, count, row -> {});
  }

  /** The same with something of each row as it is wanted. */
  static DataFile file(
      FileTarget target, LocalDate day, Random random, int count, Consumer<Record> change)
      throws Exception {
    List<Record> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Record row = row(target.schema().asStruct(), day, random, true);
      change.accept(row);
      rows.add(row);
    }
    rows.sort(
        Comparator.comparing(
            row -> new InternalRecordWrapper(target.schema().asStruct()).wrap(row),
            SortOrderComparators.forSchema(target.schema(), target.sortOrder())));
    String location = target.location(day, UUID.randomUUID() + ".parquet");
    FileAppender<Record> appender =
        Parquet.write(target.io().newOutputFile(location))
            .schema(target.schema())
            .createWriterFunc(type -> GenericParquetWriter.create(target.schema(), type))
            .build();
    try (appender) {
      appender.addAll(rows);
    }
    return DataFiles.builder(target.spec())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withPartition(target.partition(day))
        .withFileSizeInBytes(appender.length())
        .withMetrics(appender.metrics())
        .withSortOrder(target.sortOrder())
        .build();
  }

  private static Record row(Types.StructType type, LocalDate day, Random random, boolean top) {
    Record row = GenericRecord.create(type);
    for (Types.NestedField field : type.fields()) {
      boolean needed = field.isRequired() || (top && field.name().equals("time"));
      row.setField(
          field.name(), needed || random.nextInt(4) > 0 ? value(field.type(), day, random) : null);
    }
    return row;
  }

  private static Object value(Type type, LocalDate day, Random random) {
    return switch (type.typeId()) {
      case STRING -> "s" + random.nextInt(9) + (random.nextBoolean() ? "é€" : "");
      case LONG -> random.nextLong();
      case INTEGER -> random.nextInt();
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE ->
          List.of(Double.NaN, Double.NEGATIVE_INFINITY, -0.0, random.nextDouble())
              .get(random.nextInt(4));
      case BINARY -> {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        yield ByteBuffer.wrap(bytes);
      }
      case TIMESTAMP ->
          day.atStartOfDay()
              .atOffset(ZoneOffset.UTC)
              .plus(random.nextLong(86_400_000_000L), ChronoUnit.MICROS);
      case MAP -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put("k" + i, random.nextInt(5) == 0 ? null : "v" + random.nextInt(9));
        }
        yield map;
      }
      case LIST -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(type.asListType().elementType(), day, random));
        }
        yield list;
      }
      case STRUCT -> row(type.asStructType(), day, random, false);
      default -> throw new IllegalArgumentException("no values of type " + type);
    };
  }

  private RandomRows() {}
}
