package io.sluice.lake.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;

/**
 * A catalog as one caller sees it: the namespaces of its tenants, and nothing that could be
 * changed. All that is served goes through it.
 */
final class TenantCatalog implements Catalog, SupportsNamespaces {

  /** Pages of a list are parts of one order. */
  private static final Comparator<Namespace> BY_NAME = Comparator.comparing(Namespace::toString);

  private final Catalog catalog;
  private final SupportsNamespaces namespaces;
  private final Tenants tenants;

  TenantCatalog(Catalog catalog, Tenants tenants) {
    if (!(catalog instanceof SupportsNamespaces withNamespaces)) {
      throw new IllegalArgumentException(
          "cannot serve catalog: " + catalog.name() + " (it has no namespaces)");
    }
    this.catalog = catalog;
    this.namespaces = withNamespaces;
    this.tenants = tenants;
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("cannot write: what readers are given is read-only");
  }

  @Override
  public List<Namespace> listNamespaces(Namespace parent) {
    requireVisible(parent);
    return namespaces.listNamespaces(parent).stream().filter(tenants::see).sorted(BY_NAME).toList();
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    requireVisible(namespace);
    return namespaces.loadNamespaceMetadata(namespace);
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    requireVisible(namespace);
    return catalog.listTables(namespace).stream()
        .sorted(Comparator.comparing(TableIdentifier::name))
        .toList();
  }

  @Override
  public Table loadTable(TableIdentifier id) {
    if (!tenants.see(id.namespace())) {
      throw new NoSuchTableException("Table does not exist: %s", id);
    }
    return catalog.loadTable(id);
  }

  @Override
  public boolean tableExists(TableIdentifier id) {
    return tenants.see(id.namespace()) && catalog.tableExists(id);
  }

  private void requireVisible(Namespace namespace) {
    if (!tenants.see(namespace)) {
      throw new NoSuchNamespaceException("Namespace does not exist: %s", namespace);
    }
  }

  @Override
  public boolean dropTable(TableIdentifier id, boolean purge) {
    throw readOnly();
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw readOnly();
  }

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    throw readOnly();
  }

  @Override
  public boolean dropNamespace(Namespace namespace) {
    throw readOnly();
  }

  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> properties) {
    throw readOnly();
  }

  @Override
  public boolean removeProperties(Namespace namespace, Set<String> properties) {
    throw readOnly();
  }
}
