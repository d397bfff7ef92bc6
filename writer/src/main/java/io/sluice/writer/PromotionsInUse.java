package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Promotions;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.serve.TablePromotions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of the tables, once the catalog is open. Any thread may ask. */
final class PromotionsInUse implements TablePromotions {

  private static final Logger LOG = LoggerFactory.getLogger(PromotionsInUse.class);

  private final WriterCatalog catalog;
  private final Promotions wanted;
  private final LookPace pace;

  /**
   * @param wanted what a new table gets
   * @param pace how often the catalog may be asked for a table
   */
  PromotionsInUse(WriterCatalog catalog, Promotions wanted, LookPace pace) {
    this.catalog = catalog;
    this.wanted = wanted;
    this.pace = pace;
  }

  @Override
  public Promotions of(TableKey table) {
    return known(table).map(LakeTable::promotions).orElse(wanted);
  }

  @Override
  public Promotions reload(TableKey table) {
    Optional<LakeTable> known = known(table);
    try {
      if (known.isPresent() && pace.mayLook(table)) {
        known.get().marks();
      }
    } catch (LakeUnavailableException | TableLostException e) {
      LOG.warn("cannot look whether {} has more columns than it had", table, e);
    }
    return of(table);
  }

  private Optional<LakeTable> known(TableKey table) {
    Lake lake = catalog.known();
    return lake == null ? Optional.empty() : lake.known(table.tenant(), table.table());
  }
}
