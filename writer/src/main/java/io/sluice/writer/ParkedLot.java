package io.sluice.writer;

import io.sluice.writer.apply.ParkedSets;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.Parking;
import java.io.IOException;

/** The parked files, as the persister sees them. */
record ParkedLot(ParkedSets files) implements Parking.Lot {

  @Override
  public void park(ChunkSet set) throws IOException {
    files.park(set);
  }

  @Override
  public void committed(TableKey table, long from, long to) throws IOException {
    files.committed(table, from, to);
  }
}
