package io.sluice.writer.serve;

import io.sluice.schema.table.Promotions;
import io.sluice.writer.buffer.TableKey;

/** No table has promoted columns. */
final class NoPromotions implements TablePromotions {

  @Override
  public Promotions of(TableKey table) {
    return Promotions.NONE;
  }

  @Override
  public Promotions reload(TableKey table) {
    return Promotions.NONE;
  }
}
