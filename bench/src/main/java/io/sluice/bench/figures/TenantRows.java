package io.sluice.bench.figures;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.DuckDbRows;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.audit.TableRows;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of several tenants' tables, one after the other, as of one. One thread uses it. */
final class TenantRows implements RowSource {

  private final List<TableRows> each = new ArrayList<>();

  TenantRows(AuditTarget of, List<String> tenants) throws LakeUnavailableException {
    for (String tenant : tenants) {
      AuditTarget target = new AuditTarget(of.lake(), of.writers(), tenant, of.patience());
      each.add(new TableRows(target, new DuckDbRows()));
    }
  }

  @Override
  public void read(Table table, RowKeys rows) throws IOException, InterruptedException {
    for (TableRows tenant : each) {
      tenant.read(table, rows);
    }
  }

  @Override
  public void close() {
    each.forEach(TableRows::close);
  }
}
