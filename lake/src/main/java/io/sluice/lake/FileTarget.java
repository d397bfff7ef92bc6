package io.sluice.lake;

import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * What data files of a table are written against, as one load of it said.
 *
 * @param schema our columns, in our order, then its promoted ones, with the field ids of the table
 * @param promotions of the promoted columns, in their order
 * @param spec {@code day(time)}, also after others evolved the table's default spec
 * @param sortOrder ours, or unsorted if the table no longer has it
 */
public record FileTarget(
    Table table,
    Schema schema,
    Promotions promotions,
    PartitionSpec spec,
    SortOrder sortOrder,
    MetricsConfig metrics,
    LocationProvider locations,
    FileIO io) {

  static FileTarget of(Table table, BaseTable iceberg) throws TableLostException {
    Promotions promotions = PromotedColumns.of(table, iceberg);
    Types.StructType columns =
        select(IcebergSchema.of(table, promotions).asStruct(), iceberg.schema().asStruct());
    Schema schema = new Schema(columns.fields());
    return new FileTarget(
        table,
        schema,
        promotions,
        dailySpec(iceberg),
        sortOrder(table, iceberg),
        MetricsConfig.forTable(iceberg),
        iceberg.locationProvider(),
        iceberg.io());
  }

  /** The partition of a day. */
  public StructLike partition(LocalDate day) {
    PartitionData partition = new PartitionData(spec.partitionType());
    partition.set(0, (int) day.toEpochDay());
    return partition;
  }

  /** Where a file of that day and name belongs. */
  public String location(LocalDate day, String fileName) {
    return locations.newDataLocation(spec, partition(day), fileName);
  }

  private static PartitionSpec dailySpec(BaseTable iceberg) throws TableLostException {
    int time = iceberg.schema().findField("time").fieldId();
    Optional<PartitionSpec> daily =
        iceberg.specs().values().stream()
            .filter(s -> s.fields().size() == 1)
            .filter(s -> s.fields().get(0).sourceId() == time)
            .filter(s -> s.fields().get(0).transform().toString().equals("day"))
            .findFirst();
    return daily.orElseThrow(
        () -> new TableLostException("it has no partition spec day(time) any more"));
  }

  private static SortOrder sortOrder(Table table, BaseTable iceberg) {
    SortOrder ours = IcebergSchema.sorting(table, iceberg.schema());
    return iceberg.sortOrders().values().stream()
        .filter(ours::sameOrder)
        .findFirst()
        .orElse(SortOrder.unsorted());
  }

  private static Types.StructType select(Types.StructType ours, Types.StructType table) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (Types.NestedField field : ours.fields()) {
      Types.NestedField found = table.field(field.name());
      fields.add(
          Types.NestedField.builder()
              .withId(found.fieldId())
              .withName(found.name())
              .isOptional(found.isOptional())
              .ofType(select(field.type(), found.type()))
              .build());
    }
    return Types.StructType.of(fields);
  }

  private static Type select(Type ours, Type table) {
    if (ours.isStructType()) {
      return select(ours.asStructType(), table.asStructType());
    }
    if (ours.isListType()) {
      Types.ListType list = table.asListType();
      Type element = select(ours.asListType().elementType(), list.elementType());
      return list.isElementOptional()
          ? Types.ListType.ofOptional(list.elementId(), element)
          : Types.ListType.ofRequired(list.elementId(), element);
    }
    return table;
  }
}
