package io.sluice.writer.serve;

import io.sluice.schema.table.Promotions;
import io.sluice.writer.buffer.TableKey;

/** Which promoted columns a table has. Any thread may ask. */
public interface TablePromotions {

  /** As it was last loaded; of a table that is not there, those that it will be made with. */
  Promotions of(TableKey table);

  /** As it is now, or was a second ago: however often it is asked for, the catalog is not. */
  Promotions reload(TableKey table);
}
