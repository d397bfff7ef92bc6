package io.sluice.lake;

import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import java.time.Clock;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the columns that this release has and an older table has not, in one commit with the version
 * that says so. Files stay as they are: what they lack is null.
 */
final class SchemaEvolution {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaEvolution.class);

  /**
   * @param ours the columns of a new table
   * @param settings the properties of a new table
   */
  static void bring(BaseTable table, Schema ours, Map<String, String> settings, Clock clock) {
    Transaction transaction =
        Transactions.newTransaction(
            table.name(), AheadOperations.of(table.operations(), clock), new QuietReporter());
    UpdateSchema update = transaction.updateSchema();
    int added = add(update, null, ours.asStruct(), table.schema().asStruct());
    if (added > 0) {
      update.commit();
    }
    UpdateProperties properties = transaction.updateProperties();
    Map<String, String> there = table.properties();
    settings.forEach(
        (name, value) -> {
          if (!there.containsKey(name)) {
            properties.set(name, value);
          }
        });
    properties.set(TableSettings.SCHEMA, Integer.toString(TableSettings.SCHEMA_NOW));
    properties.commit();
    transaction.commitTransaction();
    LOG.info("{} has {} columns of this release that it lacked", table.name(), added);
  }

  /**
   * Adds those promoted columns that the table lacks, in one commit with the properties that say
   * what they hold.
   *
   * @throws ColumnTakenException it has a column of such a name that is something else
   */
  static void promote(TableIdentifier id, BaseTable table, Promotions wanted, Clock clock)
      throws ColumnTakenException {
    Transaction transaction =
        Transactions.newTransaction(
            table.name(), AheadOperations.of(table.operations(), clock), new QuietReporter());
    // Not before: the transaction has loaded the table anew, and others may have added some.
    Promotions lacking = PromotedColumns.lacking(id, table, wanted);
    if (lacking.isEmpty()) {
      return;
    }
    UpdateSchema update = transaction.updateSchema();
    for (Promotion promotion : lacking.all()) {
      Types.NestedField field = IcebergSchema.field(promotion.column());
      update.addColumn(field.name(), field.type(), field.doc());
    }
    update.commit();
    UpdateProperties properties = transaction.updateProperties();
    PromotedColumns.properties(lacking).forEach(properties::set);
    properties.commit();
    transaction.commitTransaction();
    LOG.info("{} has columns of their own for {}", table.name(), lacking);
  }

  /** Returns how many; what is within an added one comes with it. */
  private static int add(
      UpdateSchema update,
      @org.jspecify.annotations.Nullable String parent,
      Types.StructType ours,
      Types.StructType there) {
    int added = 0;
    for (Types.NestedField field : ours.fields()) {
      Types.NestedField found = there.field(field.name());
      if (found == null) {
        update.addColumn(parent, field.name(), field.type(), field.doc());
        added++;
      } else {
        String path = parent == null ? field.name() : parent + "." + field.name();
        added += within(update, path, field.type(), found.type());
      }
    }
    return added;
  }

  private static int within(UpdateSchema update, String path, Type ours, Type there) {
    if (ours.isListType() && there.isListType()) {
      return within(
          update,
          path + ".element",
          ours.asListType().elementType(),
          there.asListType().elementType());
    }
    return ours.isStructType() && there.isStructType()
        ? add(update, path, ours.asStructType(), there.asStructType())
        : 0;
  }

  private SchemaEvolution() {}
}
