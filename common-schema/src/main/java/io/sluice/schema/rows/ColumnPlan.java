package io.sluice.schema.rows;

import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Finds for each plain column the wire column it is made of, and the class that makes it. */
final class ColumnPlan {

  private final Table table;
  private final Promotions promotions;
  private final BufferAllocator allocator;
  private final List<Field> wire;

  ColumnPlan(Table table, Promotions promotions, BufferAllocator allocator) {
    this.table = table;
    this.promotions = promotions;
    this.allocator = allocator;
    this.wire = WireSchema.of(table).getFields();
  }

  RowColumn column(Field plain) {
    Optional<Promotion> promotion = promotions.named(plain.getName());
    return promotion.isPresent() ? promoted(promotion.get()) : own(plain);
  }

  private RowColumn promoted(Promotion promotion) {
    Level level =
        switch (promotion.source()) {
          case RESOURCE -> Level.RESOURCE;
          case SCOPE -> Level.SCOPE;
          case RECORD -> Level.ROW;
        };
    int attributes = indexOf(level == Level.ROW ? wire : fields(level), "attributes");
    return new PromotedColumn(allocator, level, attributes, new AttributeKey(promotion.key()));
  }

  private RowColumn own(Field plain) {
    return switch (plain.getName()) {
      case "time" -> new DerivedColumn(allocator, DerivedColumn::time);
      case "time_source" -> new TimeSourceColumn(allocator);
      case "ingest_time" -> new DerivedColumn(allocator, DerivedColumn::ingestTime);
      case "service_name" -> new ServiceNameColumn(allocator);
      case "duration_nano" -> table == Table.TRACES ? spanDuration() : sent(plain);
      default -> sent(plain);
    };
  }

  private RowColumn spanDuration() {
    return new DerivedColumn(
        allocator,
        DerivedColumn.difference(
            indexOf(wire, "end_time_unix_nano"), indexOf(wire, "start_time_unix_nano")));
  }

  private RowColumn sent(Field plain) {
    String name = plain.getName();
    if (name.equals("otlp_raw") || name.equals("profile")) {
      return new FieldColumn(Level.ROW, column(plain, wire, "raw"));
    }
    for (Level level : Level.runs(table)) {
      String prefix = level.wireName() + "_";
      List<Field> fields = fields(level);
      String inner = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      boolean own = name.startsWith(prefix) || level.plainNames();
      if (own && indexOf(fields, inner) >= 0) {
        return new FieldColumn(level, column(plain, fields, inner));
      }
    }
    if (name.equals("dropped_attributes_count") && table.signal() == Signal.METRICS) {
      return new FieldColumn(Level.ROW, new AbsentColumn(allocator));
    }
    return new FieldColumn(Level.ROW, column(plain, wire, name));
  }

  private List<Field> fields(Level level) {
    return wire.get(indexOf(wire, level.wireName())).getChildren().get(1).getChildren();
  }

  private WireColumn column(Field plain, List<Field> siblings, String name) {
    int child = indexOf(siblings, name);
    if (child < 0) {
      throw new IllegalStateException(
          "cannot expand %s of %s: its wire schema has no such field".formatted(name, table));
    }
    return switch (name) {
      case "kind" -> new EnumColumn(allocator, child, EnumNames.SPAN_KIND);
      case "status_code" -> new EnumColumn(allocator, child, EnumNames.STATUS_CODE);
      case "aggregation_temporality" -> new EnumColumn(allocator, child, EnumNames.TEMPORALITY);
      case "value" -> value(siblings, child);
      default -> byType(plain, siblings.get(child), child);
    };
  }

  private WireColumn value(List<Field> siblings, int child) {
    int valueInt = indexOf(siblings, "value_int");
    return valueInt < 0
        ? new FixedColumn(allocator, child, Double.BYTES)
        : new NumberColumn(allocator, child, valueInt);
  }

  private WireColumn byType(Field plain, Field sent, int child) {
    ArrowType from = sent.getType();
    if (from instanceof ArrowType.Map) {
      return new MapColumn(allocator, child);
    }
    if (from instanceof ArrowType.List) {
      return new ListColumn(
          allocator, child, element(plain.getChildren().get(0), sent.getChildren().get(0)));
    }
    if (from instanceof ArrowType.Bool) {
      return new BooleanColumn(allocator, child);
    }
    if (from instanceof ArrowType.Int number) {
      return number.getBitWidth() == Integer.SIZE && !number.getIsSigned()
          ? new UnsignedColumn(allocator, child)
          : new FixedColumn(allocator, child, number.getBitWidth() / Byte.SIZE);
    }
    if (from instanceof ArrowType.FloatingPoint) {
      return new FixedColumn(allocator, child, Double.BYTES);
    }
    return from.equals(plain.getType())
        ? new BytesColumn(allocator, child)
        : new HexColumn(allocator, child);
  }

  private WireColumn element(Field plain, Field sent) {
    if (!(sent.getType() instanceof ArrowType.Struct)) {
      return byType(plain, sent, 0);
    }
    List<WireColumn> fields = new ArrayList<>();
    for (Field field : plain.getChildren()) {
      fields.add(column(field, sent.getChildren(), field.getName()));
    }
    return new StructColumn(allocator, fields);
  }

  private static int indexOf(List<Field> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getName().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
